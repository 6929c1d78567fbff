#include "workloads/graph_optimizer/segment_largest.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kLargestPerTask = 64;

template <typename Real>
void find_largest(const Real* rows, int64_t width, int64_t first, int64_t last, int64_t* largest) {
  for (int64_t row = first + 1; row < last; ++row)
    for (int64_t column = 0; column < width; ++column)
      if (rows[row * width + column] > rows[largest[column] * width + column]) largest[column] = row;
}

at::Tensor largest_rows_on_cpu(const at::Tensor& rows, const at::Tensor& offsets) {
  const int64_t segments = offsets.size(0) - 1, count = rows.size(0), width = rows.size(1);
  at::Tensor largest = at::empty({segments, width}, offsets.options());
  const int64_t* bounds = offsets.const_data_ptr<int64_t>();
  auto* to = largest.data_ptr<int64_t>();
  AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "segment_largest", [&] {
    const scalar_t* from = rows.const_data_ptr<scalar_t>();
    at::parallel_for(0, segments, kLargestPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t s = begin; s < end; ++s) {
        const int64_t first = bounds[s], last = bounds[s + 1];
        std::fill_n(to + s * width, width, first < last ? first : count);
        find_largest(from, width, first, last, to + s * width);
      }
    });
  });
  return largest;
}

struct SegmentLargest : torch::autograd::Function<SegmentLargest> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& rows, const Segments& segments) {
    const at::Tensor dense = rows.contiguous();
    const at::Tensor largest = dense.is_cpu() ? largest_rows_on_cpu(dense, segments.offsets)
                                              : largest_rows_composed(dense, segments);
    context->save_for_backward({largest});
    context->saved_data["count"] = dense.size(0);
    const at::Tensor none = at::zeros({1, dense.size(1)}, dense.options());
    return at::cat({dense, none}).gather(0, largest);
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const at::Tensor largest = context->get_saved_variables().front();
    const int64_t count = context->saved_data["count"].toInt();
    const at::Tensor& gradient = gradients.front();
    // Empty segments write to the row after the last, where it does not matter who is first.
    at::Tensor rows = at::zeros({count + 1, gradient.size(1)}, gradient.options());
    rows.scatter_(0, largest, gradient);
    return {rows.narrow(0, 0, count), at::Tensor()};
  }
};

}  // namespace

at::Tensor largest_rows_composed(const at::Tensor& rows, const Segments& segments) {
  const int64_t count = rows.size(0);
  const at::Tensor values =
      at::segment_reduce(rows, "max", {}, {}, segments.offsets, 0, /*unsafe=*/true, /*initial=*/0);
  const at::Tensor places = at::arange(count, rows.options().dtype(at::kDouble)).unsqueeze(1);
  const at::Tensor candidates = at::where(rows.eq(values.index_select(0, segments.index)), places,
                                          at::full({}, static_cast<double>(count), places.options()));
  return at::segment_reduce(candidates, "min", {}, {}, segments.offsets, 0, /*unsafe=*/true,
                            /*initial=*/static_cast<double>(count))
      .to(at::kLong);
}

at::Tensor segment_largest(const at::Tensor& rows, const Segments& segments) {
  return SegmentLargest::apply(rows, segments);
}

}  // namespace timetrial
