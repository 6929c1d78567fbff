#pragma once

#include <ATen/core/Tensor.h>

namespace timetrial {

enum class Activation {
  relu,
  silu,
  gelu_tanh,  // the tanh approximation, which the reference means by GELU
  gelu_erf,   // GELU itself, by the error function
  tanh,
};

// Takes the tensor over: it may be overwritten, so it must be a result that nothing else reads or needs for
// its backward pass (a normalisation's output, a sum).
at::Tensor activate(Activation activation, at::Tensor values);

}  // namespace timetrial
