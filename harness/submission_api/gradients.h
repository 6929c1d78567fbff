#pragma once

// Gradients as an optimizer wants them: in the order of the parameters, laid out in memory like them.

#include <vector>

#include <ATen/core/Tensor.h>

namespace timetrial {

// grad() of every parameter, looked up anew at each call because backward passes may replace it. A parameter
// that took no part in the loss has an undefined entry. A gradient whose strides differ from its parameter's
// is copied into that layout, so that element i of the storage means the same in both; the others are not
// copied. Throws UserError for a sparse gradient or one of another dtype than its parameter.
std::vector<at::Tensor> gradients_of(const std::vector<at::Tensor>& parameters);

// The entries of a list that runs parallel to the parameters whose parameter has a gradient, for operations
// on whole lists.
std::vector<at::Tensor> where_defined(const std::vector<at::Tensor>& values,
                                      const std::vector<at::Tensor>& gradients);

// Scales the gradients in place by min(1, largest / (norm + 1e-6)), norm being the L2 norm of all of them
// together. Nothing waits for the device. Undefined entries count as absent.
void clip_gradients(const std::vector<at::Tensor>& gradients, double largest);

}  // namespace timetrial
