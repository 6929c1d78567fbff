#pragma once

#include <cstdint>

#include <torch/nn/module.h>

namespace timetrial {

// Layer normalisation over the last dimension; parameters "weight" (ones) and "bias" (zeros), both
// [features].
class LayerNormLayer : public torch::nn::Module {
 public:
  LayerNormLayer(int64_t features, double epsilon, const at::TensorOptions& options);

  at::Tensor forward(const at::Tensor& input) const;  // [..., features]

  const at::Tensor& weight() const { return weight_; }
  const at::Tensor& bias() const { return bias_; }

 private:
  double epsilon_;
  at::Tensor weight_;
  at::Tensor bias_;
};

}  // namespace timetrial
