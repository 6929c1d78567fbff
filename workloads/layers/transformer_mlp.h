#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "workloads/layers/linear.h"

namespace timetrial {

// The two-layer perceptron of a Transformer block: linear2(dropout(h)) with h = GELU(linear1(x)), tanh
// approximation. With `gated`, h is multiplied by glu_linear(h) first. Children linear1, (glu_linear,)
// linear2. Xavier-uniform weights, normal biases of deviation 1e-6.
class TransformerMlp : public torch::nn::Module {
 public:
  TransformerMlp(int64_t width, int64_t hidden, bool gated, const at::TensorOptions& options,
                 const at::Generator& generator);

  // [..., width]; `dropout_rate` 0 outside training
  at::Tensor forward(const at::Tensor& tokens, double dropout_rate) const;

 private:
  std::shared_ptr<LinearLayer> first_;
  std::shared_ptr<LinearLayer> gate_;  // empty when not gated
  std::shared_ptr<LinearLayer> second_;
};

}  // namespace timetrial
