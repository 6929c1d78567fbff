#pragma once

// Optimizers written with plain ATen operations, to be exported with a step.

#include <cstddef>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

struct UpdateRule {
  size_t states = 0;  // tensors of the weight's shape, zero at first
  // Changes weight and states in place. Called once for each weight with a gradient, without autograd.
  std::function<void(const at::Tensor& weight, const at::Tensor& gradient,
                     const std::vector<at::Tensor>& states)>
      apply;
};

UpdateRule adam_update();      // 12 nodes a weight, 2 states; without bias correction, which is a number
UpdateRule momentum_update();  // 4 nodes, 1 state
UpdateRule gradient_update();  // 2 nodes, no state

}  // namespace timetrial
