#pragma once

// Tensors of the size and number that an optimizer of a real model works on.

#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// Shapes of ResNet-50's 161 parameters (25.56 M): from the recorded table when it is there, else built from
// the architecture.
std::vector<std::vector<int64_t>> resnet50_shapes();

// Float tensors of these shapes with small random values.
std::vector<at::Tensor> random_tensors(const std::vector<std::vector<int64_t>>& shapes);

}  // namespace timetrial
