#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

namespace timetrial {

enum class Bias { yes, no };

// y = x Wᵀ + b with parameters "weight" [out, in] and "bias" [out], unless it has none. Unlike
// torch::nn::Linear it draws no initial values from the global generator: the parameters are uninitialised
// until one of the init functions ran.
class LinearLayer : public torch::nn::Module {
 public:
  LinearLayer(int64_t inputs, int64_t outputs, const at::TensorOptions& options, Bias bias = Bias::yes);

  at::Tensor forward(const at::Tensor& input) const;  // [..., in] -> [..., out]

  const at::Tensor& weight() const { return weight_; }
  const at::Tensor& bias() const { return bias_; }  // undefined without one
  int64_t inputs() const { return weight_.size(1); }
  int64_t outputs() const { return weight_.size(0); }

  // Xavier-uniform weight, zero bias.
  void init_xavier(const at::Generator& generator);

  // torch.nn.Linear's own default: both uniform in ±1/sqrt(in).
  void init_as_torch(const at::Generator& generator);

 private:
  at::Tensor weight_;
  at::Tensor bias_;
};

}  // namespace timetrial
