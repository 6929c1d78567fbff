#pragma once

#include <ATen/core/Tensor.h>

#include "workloads/computation_graph/shape.h"

namespace timetrial {

// Throws std::logic_error for a quantised or another type that XLA has not.
ElementType element_type_of(at::ScalarType type);

// With the layout of the tensor's strides; row-major where these do not order the dimensions (an expanded
// one, a sparse tensor).
Shape shape_of(const at::Tensor& tensor);

}  // namespace timetrial
