#include "workloads/layers/layer_norm.h"

#include <ATen/ATen.h>

namespace timetrial {

LayerNormLayer::LayerNormLayer(int64_t features, double epsilon, const at::TensorOptions& options)
    : epsilon_(epsilon),
      weight_(register_parameter("weight", at::ones({features}, options))),
      bias_(register_parameter("bias", at::zeros({features}, options))) {}

at::Tensor LayerNormLayer::forward(const at::Tensor& input) const {
  return at::layer_norm(input, {weight_.size(0)}, weight_, bias_, epsilon_);
}

}  // namespace timetrial
