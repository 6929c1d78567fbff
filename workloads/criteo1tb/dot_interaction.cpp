#include "workloads/criteo1tb/dot_interaction.h"

#include <algorithm>
#include <vector>

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kExamplesPerTask = 64;

// Where entry (i, j), i <= j, of a count x count matrix stands in its upper triangle.
int64_t triangle_index(int64_t i, int64_t j, int64_t count) {
  return i * count - i * (i - 1) / 2 + (j - i);
}

at::Tensor index_tensor(const std::vector<int64_t>& values, at::Device device) {
  return at::tensor(values, at::kLong).to(device);
}

// gram [batch, count, count] -> [batch, pairs]
at::Tensor upper_triangle(const at::Tensor& gram) {
  const int64_t batch = gram.size(0);
  const int64_t count = gram.size(1);
  const int64_t pairs = count * (count + 1) / 2;
  if (!gram.device().is_cpu()) {
    std::vector<int64_t> places;
    for (int64_t i = 0; i < count; ++i) {
      for (int64_t j = i; j < count; ++j) places.push_back(i * count + j);
    }
    return gram.reshape({batch, count * count}).index_select(1, index_tensor(places, gram.device()));
  }
  at::Tensor out = at::empty({batch, pairs}, gram.options());
  AT_DISPATCH_FLOATING_TYPES(gram.scalar_type(), "upper_triangle", [&] {
    const scalar_t* source = gram.const_data_ptr<scalar_t>();
    scalar_t* target = out.data_ptr<scalar_t>();
    at::parallel_for(0, batch, kExamplesPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        scalar_t* row = target + b * pairs;
        for (int64_t i = 0; i < count; ++i) {
          const scalar_t* line = source + (b * count + i) * count;
          row = std::copy(line + i, line + count, row);
        }
      }
    });
  });
  return out;
}

// The gradient of the Gram matrix plus its transpose: entry (i, j) holds the gradient of the pair, the
// diagonal twice. gradient [batch, pairs] -> [batch, count, count]; made of differentiable operations.
at::Tensor symmetric_composed(const at::Tensor& gradient, int64_t count) {
  std::vector<int64_t> places;
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t j = 0; j < count; ++j)
      places.push_back(triangle_index(std::min(i, j), std::max(i, j), count));
  }
  const at::Tensor scale = at::eye(count, gradient.options()) + 1;
  return gradient.index_select(1, index_tensor(places, gradient.device())).reshape({-1, count, count}) *
         scale;
}

// The same in one pass over memory.
at::Tensor symmetric_fused(const at::Tensor& gradient, int64_t count) {
  const at::Tensor pairs = gradient.contiguous();
  const int64_t batch = pairs.size(0);
  at::Tensor out = at::empty({batch, count, count}, pairs.options());
  AT_DISPATCH_FLOATING_TYPES(pairs.scalar_type(), "symmetric_from_upper_triangle", [&] {
    const scalar_t* source = pairs.const_data_ptr<scalar_t>();
    scalar_t* target = out.data_ptr<scalar_t>();
    at::parallel_for(0, batch, kExamplesPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t b = begin; b < end; ++b) {
        const scalar_t* row = source + b * pairs.size(1);
        scalar_t* matrix = target + b * count * count;
        for (int64_t i = 0; i < count; ++i) {
          matrix[i * count + i] = 2 * *row++;
          for (int64_t j = i + 1; j < count; ++j) {
            matrix[i * count + j] = matrix[j * count + i] = *row++;
          }
        }
      }
    });
  });
  return out;
}

class DotInteraction : public torch::autograd::Function<DotInteraction> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& features) {
    context->save_for_backward({features});
    return upper_triangle(features.bmm(features.transpose(1, 2)));
  }

  static variable_list backward(AutogradContext* context, variable_list output_gradients) {
    const at::Tensor features = context->get_saved_variables().front();
    const at::Tensor& gradient = output_gradients.front();
    const bool composed = at::GradMode::is_enabled() || !gradient.device().is_cpu();
    const int64_t count = features.size(1);
    return {
        (composed ? symmetric_composed(gradient, count) : symmetric_fused(gradient, count)).bmm(features)};
  }
};

}  // namespace

at::Tensor dot_interaction(const at::Tensor& features) {
  return DotInteraction::apply(features);
}

}  // namespace timetrial
