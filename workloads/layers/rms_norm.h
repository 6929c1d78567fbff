#pragma once

#include <cstdint>

#include <torch/nn/module.h>

namespace timetrial {

// y = x / sqrt(mean(x²) + ε) * weight over the last dimension (Zhang and Sennrich 2019); parameter "weight"
// [features], ones.
class RmsNormLayer : public torch::nn::Module {
 public:
  RmsNormLayer(int64_t features, double epsilon, const at::TensorOptions& options);

  at::Tensor forward(const at::Tensor& input) const;  // [..., features]

 private:
  double epsilon_;
  at::Tensor weight_;
};

}  // namespace timetrial
