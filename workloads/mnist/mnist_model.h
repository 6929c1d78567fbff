#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "workloads/layers/linear.h"

namespace timetrial {

// 784 -> 128 sigmoid -> 10; parameters net.layer1.{weight,bias}, net.layer2.{weight,bias}.
class MnistModel : public torch::nn::Module {
 public:
  MnistModel(const at::TensorOptions& options, const at::Generator& generator);

  at::Tensor forward(const at::Tensor& inputs) const;  // [batch, ...784 values] -> logits [batch, 10]

 private:
  std::shared_ptr<LinearLayer> layer1_;
  std::shared_ptr<LinearLayer> layer2_;
};

}  // namespace timetrial
