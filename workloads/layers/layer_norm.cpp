#include "workloads/layers/layer_norm.h"

#include <ATen/ATen.h>

namespace timetrial {

LayerNormLayer::LayerNormLayer(int64_t features, double epsilon, const at::TensorOptions& options,
                               ScaleStorage storage)
    : epsilon_(epsilon),
      storage_(storage),
      weight_(storage == ScaleStorage::weight ? register_parameter("weight", at::ones({features}, options))
                                              : register_parameter("scale", at::zeros({features}, options))),
      bias_(register_parameter("bias", at::zeros({features}, options))) {}

at::Tensor LayerNormLayer::forward(const at::Tensor& input) const {
  const at::Tensor scale = storage_ == ScaleStorage::weight ? weight_ : weight_ + 1;
  return at::layer_norm(input, {weight_.size(0)}, scale, bias_, epsilon_);
}

}  // namespace timetrial
