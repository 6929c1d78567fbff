#pragma once

#include <cstdint>

#include <torch/nn/module.h>

namespace timetrial {

// How a normalisation's scale is stored.
enum class ScaleStorage {
  weight,           // parameter "weight", starts at one
  offset_from_one,  // parameter "scale", starts at zero: the scale is 1 + it
};

// Layer normalisation over the last dimension; parameters "weight" or "scale", and "bias" (zeros), both
// [features].
class LayerNormLayer : public torch::nn::Module {
 public:
  LayerNormLayer(int64_t features, double epsilon, const at::TensorOptions& options,
                 ScaleStorage storage = ScaleStorage::weight);

  at::Tensor forward(const at::Tensor& input) const;  // [..., features]

  const at::Tensor& weight() const { return weight_; }
  const at::Tensor& bias() const { return bias_; }

 private:
  double epsilon_;
  ScaleStorage storage_;
  at::Tensor weight_;
  at::Tensor bias_;
};

}  // namespace timetrial
