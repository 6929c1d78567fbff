#include "workloads/layers/rms_norm.h"

#include <ATen/ATen.h>

namespace timetrial {

RmsNormLayer::RmsNormLayer(int64_t features, double epsilon, const at::TensorOptions& options)
    : epsilon_(epsilon), weight_(register_parameter("weight", at::ones({features}, options))) {}

at::Tensor RmsNormLayer::forward(const at::Tensor& input) const {
  return at::rms_norm(input, weight_.sizes(), weight_, epsilon_);
}

}  // namespace timetrial
