#pragma once

#include <ATen/core/Tensor.h>

namespace timetrial {

// All dot products between the feature vectors of an example, each pair once and every vector with itself.
// features [batch, count, dim] -> [batch, count * (count + 1) / 2], the upper triangle of the Gram matrix
// with its diagonal, row by row. Differentiable twice.
at::Tensor dot_interaction(const at::Tensor& features);

}  // namespace timetrial
