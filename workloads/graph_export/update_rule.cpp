#include "workloads/graph_export/update_rule.h"

#include <torch/torch.h>

namespace timetrial {
namespace {

constexpr double kLearningRate = 1e-3;
constexpr double kFirstDecay = 0.9;
constexpr double kSecondDecay = 0.999;
constexpr double kEpsilon = 1e-8;

using States = std::vector<at::Tensor>;

void adam(const at::Tensor& weight, const at::Tensor& gradient, const States& states) {
  at::Tensor first = states[0];
  at::Tensor second = states[1];
  first.mul_(kFirstDecay).add_(gradient, 1 - kFirstDecay);
  second.mul_(kSecondDecay).addcmul_(gradient, gradient, 1 - kSecondDecay);
  weight.addcdiv_(first, second.sqrt().add_(kEpsilon), -kLearningRate);
}

void momentum(const at::Tensor& weight, const at::Tensor& gradient, const States& states) {
  at::Tensor velocity = states[0];
  velocity.mul_(kFirstDecay).add_(gradient);
  weight.add_(velocity, -kLearningRate);
}

void descent(const at::Tensor& weight, const at::Tensor& gradient, const States& /*states*/) {
  weight.add_(gradient, -kLearningRate);
}

}  // namespace

UpdateRule adam_update() {
  return {2, adam};
}

UpdateRule momentum_update() {
  return {1, momentum};
}

UpdateRule gradient_update() {
  return {0, descent};
}

}  // namespace timetrial
