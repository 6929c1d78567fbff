#include "timetrial/gradients.h"

#include <sstream>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/stack.h>

#include "harness/errors/user_error.h"
#include "timetrial/chunk_list.h"

namespace timetrial {
namespace {

void check(const at::Tensor& gradient, const at::Tensor& parameter, std::size_t index) {
  if (gradient.layout() == at::kStrided && gradient.scalar_type() == parameter.scalar_type()) return;
  std::ostringstream found;
  found << gradient.layout() << " " << gradient.scalar_type();
  throw UserError({"the gradient is not a dense tensor of its parameter's dtype",
                   "parameter " + std::to_string(index), found.str(), "convert it before the update"});
}

}  // namespace

std::vector<at::Tensor> gradients_of(const std::vector<at::Tensor>& parameters) {
  at::NoGradGuard no_grad;
  std::vector<at::Tensor> gradients;
  gradients.reserve(parameters.size());
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const at::Tensor& parameter = parameters[i];
    at::Tensor gradient = parameter.grad();
    if (gradient.defined()) {
      check(gradient, parameter, i);
      if (!same_memory_order(gradient, parameter)) gradient = at::empty_like(parameter).copy_(gradient);
    }
    gradients.push_back(std::move(gradient));
  }
  return gradients;
}

std::vector<at::Tensor> where_defined(const std::vector<at::Tensor>& values,
                                      const std::vector<at::Tensor>& gradients) {
  std::vector<at::Tensor> chosen;
  chosen.reserve(gradients.size());
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (gradients[i].defined()) chosen.push_back(values[i]);
  }
  return chosen;
}

void clip_gradients(const std::vector<at::Tensor>& gradients, double largest) {
  at::NoGradGuard no_grad;
  const std::vector<at::Tensor> present = where_defined(gradients, gradients);
  if (present.empty()) return;
  const at::Tensor norm = at::stack(at::_foreach_norm(present)).norm();
  at::_foreach_mul_(present, (largest / (norm + 1e-6)).clamp_max(1.0));
}

}  // namespace timetrial
