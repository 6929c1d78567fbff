#pragma once

// The two blocks that a U-Net is made of.

#include <cstdint>
#include <memory>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

#include "workloads/fastmri/unet.h"
#include "workloads/layers/convolution.h"

namespace timetrial {

// Twice: 3x3 convolution, normalisation, activation, channel dropout. Parameters conv_layers.{0,4}.weight,
// with config.layer_norm also conv_layers.{1,5}.{weight,bias}.
class UnetBlock : public torch::nn::Module {
 public:
  UnetBlock(int64_t inputs, int64_t outputs, const UnetConfig& config, const at::TensorOptions& options,
            const at::Generator& generator);

  // [batch, inputs, height, width] -> [batch, outputs, height, width]
  at::Tensor forward(const at::Tensor& images, double dropout_rate) const;

 private:
  struct Stage {
    std::shared_ptr<ConvolutionLayer> convolution;
    at::Tensor scale;  // undefined without config.layer_norm
    at::Tensor shift;
  };

  at::Tensor run(const Stage& stage, const at::Tensor& images, double dropout_rate) const;

  bool tanh_;
  Stage first_;
  Stage second_;
};

// Transposed 2x2 convolution with stride 2, instance normalisation, activation. Parameter layers.0.weight
// [inputs, outputs, 2, 2].
class UpsamplingBlock : public torch::nn::Module {
 public:
  UpsamplingBlock(int64_t inputs, int64_t outputs, const UnetConfig& config, const at::TensorOptions& options,
                  const at::Generator& generator);

  // [batch, inputs, height, width] -> [batch, outputs, 2 height, 2 width]
  at::Tensor forward(const at::Tensor& images) const;

 private:
  bool tanh_;
  at::Tensor weight_;
};

}  // namespace timetrial
