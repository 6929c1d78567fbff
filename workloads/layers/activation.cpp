#include "workloads/layers/activation.h"

#include <stdexcept>

#include <ATen/ATen.h>

namespace timetrial {

at::Tensor activate(Activation activation, at::Tensor values) {
  switch (activation) {
    case Activation::relu:
      return at::relu_(values);
    case Activation::silu:
      return at::silu(values);
    case Activation::gelu_tanh:
      return at::gelu(values, "tanh");
    case Activation::gelu_erf:
      return at::gelu(values, "none");
    case Activation::tanh:
      return at::tanh_(values);
  }
  throw std::logic_error("unknown activation");
}

}  // namespace timetrial
