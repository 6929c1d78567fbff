#include "workloads/layers/segments.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "workloads/layers/segment_rows.h"

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kSegmentsPerTask = 64;

at::Tensor sum_on_cpu(const at::Tensor& rows, const Segments& segments) {
  const int64_t count = segments.offsets.size(0) - 1;
  const int64_t width = rows.size(1);
  at::Tensor sums = at::empty({count, width}, rows.options());
  const int64_t* order = segments.order.defined() ? segments.order.const_data_ptr<int64_t>() : nullptr;
  const int64_t* offsets = segments.offsets.const_data_ptr<int64_t>();
  AT_DISPATCH_FLOATING_TYPES(rows.scalar_type(), "segment_sum", [&] {
    const scalar_t* from = rows.const_data_ptr<scalar_t>();
    scalar_t* to = sums.data_ptr<scalar_t>();
    at::parallel_for(0, count, kSegmentsPerTask, [&](int64_t begin, int64_t end) {
      sum_segments(from, width, order, offsets, begin, end, to);
    });
  });
  return sums;
}

void save(AutogradContext* context, const Segments& segments) {
  context->save_for_backward({segments.index, segments.order, segments.offsets});
}

Segments restore(AutogradContext* context) {
  const auto saved = context->get_saved_variables();
  return {saved[0], saved[1], saved[2]};
}

struct SegmentSum : torch::autograd::Function<SegmentSum> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& rows, const Segments& segments) {
    save(context, segments);
    return rows.is_cpu() ? sum_on_cpu(rows.contiguous(), segments) : segment_sum_composed(rows, segments);
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    return {gather_rows(gradients.front(), restore(context)), at::Tensor()};
  }
};

struct GatherRows : torch::autograd::Function<GatherRows> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& values, const Segments& segments) {
    save(context, segments);
    return values.index_select(0, segments.index);
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    return {segment_sum(gradients.front(), restore(context)), at::Tensor()};
  }
};

}  // namespace

at::Tensor segment_sum_composed(const at::Tensor& rows, const Segments& segments) {
  const at::Tensor sorted = segments.order.defined() ? rows.index_select(0, segments.order) : rows;
  return at::segment_reduce(sorted, "sum", {}, {}, segments.offsets, 0, /*unsafe=*/true, /*initial=*/0);
}

at::Tensor segment_sum(const at::Tensor& rows, const Segments& segments) {
  return SegmentSum::apply(rows, segments);
}

at::Tensor gather_rows(const at::Tensor& values, const Segments& segments) {
  return GatherRows::apply(values, segments);
}

}  // namespace timetrial
