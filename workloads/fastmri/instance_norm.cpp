#include "workloads/fastmri/instance_norm.h"

#include <array>

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "workloads/fastmri/plane_norm.h"

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// visit(plane) for every channel of every example, on all threads.
template <typename Visit>
void for_each_plane(const at::Tensor& images, const Visit& visit) {
  at::parallel_for(0, images.size(0) * images.size(1), 1, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) visit(plane);
  });
}

at::Tensor gradient_fused(const at::Tensor& result, const at::Tensor& rstd,
                          const at::Tensor& result_gradient) {
  const at::Tensor incoming = result_gradient.contiguous();
  at::Tensor gradient = at::empty_like(result);
  const int64_t pixels = result.size(2) * result.size(3);
  AT_DISPATCH_FLOATING_TYPES(result.scalar_type(), "instance_norm_leaky_relu_backward", [&] {
    const auto* from = incoming.const_data_ptr<scalar_t>();
    const auto* out = result.const_data_ptr<scalar_t>();
    const auto* scale = rstd.const_data_ptr<scalar_t>();
    auto* to = gradient.data_ptr<scalar_t>();
    for_each_plane(result, [&](int64_t plane) {
      const int64_t first = plane * pixels;
      normalise_plane_backward(out + first, scale[plane], from + first, to + first, pixels);
    });
  });
  return gradient;
}

// The same, and the part of rstd's own gradient, made of differentiable operations.
at::Tensor gradient_composed(const at::Tensor& result, const at::Tensor& rstd,
                             const at::Tensor& result_gradient, const at::Tensor& rstd_gradient) {
  constexpr std::array<int64_t, 2> plane = {2, 3};
  const at::Tensor slope = (result > 0).to(result.scalar_type()) * (1 - kLeakySlope) + kLeakySlope;
  const at::Tensor normalised = result / slope;
  at::Tensor gradient = at::zeros_like(result);
  if (result_gradient.defined()) {
    const at::Tensor inner = result_gradient * slope;
    gradient = rstd * (inner - inner.mean(plane, true) - normalised * (inner * normalised).mean(plane, true));
  }
  if (rstd_gradient.defined()) {
    const auto pixels = static_cast<double>(result.size(2) * result.size(3));
    gradient = gradient - rstd_gradient * rstd.square() * normalised / pixels;
  }
  return gradient;
}

// Its second result, rstd [batch, channels, 1, 1], is there for the second derivative: saved for the backward
// pass as a result, it is known to depend on the input.
class InstanceNormLeakyRelu : public torch::autograd::Function<InstanceNormLeakyRelu> {
 public:
  static variable_list forward(AutogradContext* context, const at::Tensor& images) {
    const at::Tensor from = images.contiguous();
    at::Tensor result = at::empty_like(from);
    at::Tensor rstd = at::empty({from.size(0), from.size(1), 1, 1}, from.options());
    const int64_t pixels = from.size(2) * from.size(3);
    AT_DISPATCH_FLOATING_TYPES(from.scalar_type(), "instance_norm_leaky_relu", [&] {
      const auto* in = from.const_data_ptr<scalar_t>();
      auto* out = result.data_ptr<scalar_t>();
      auto* scale = rstd.data_ptr<scalar_t>();
      for_each_plane(from, [&](int64_t plane) {
        scale[plane] = normalise_plane(in + plane * pixels, out + plane * pixels, pixels);
      });
    });
    context->save_for_backward({result, rstd});
    context->set_materialize_grads(false);
    return {result, rstd};
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const bool composed = at::GradMode::is_enabled() || gradients[1].defined();
    return {composed ? gradient_composed(saved[0], saved[1], gradients[0], gradients[1])
                     : gradient_fused(saved[0], saved[1], gradients[0])};
  }
};

}  // namespace

at::Tensor instance_norm(const at::Tensor& images) {
  return at::instance_norm(images, {}, {}, {}, {}, /*use_input_stats=*/true, /*momentum=*/0.1,
                           kInstanceNormEpsilon,
                           /*cudnn_enabled=*/true);
}

at::Tensor instance_norm_leaky_relu(const at::Tensor& images) {
  if (images.device().is_cpu()) return InstanceNormLeakyRelu::apply(images).front();
  return at::leaky_relu(instance_norm(images), kLeakySlope);
}

}  // namespace timetrial
