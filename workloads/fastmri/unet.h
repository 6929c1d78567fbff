#pragma once

// U-Net (Ronneberger, Fischer, Brox 2015) as fastMRI's baseline has it (Zbontar et al., arXiv:1811.08839).

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

namespace timetrial {

struct UnetConfig {
  int64_t channels = 32;  // of the first block; every pooling doubles them
  int64_t pools = 4;
  bool tanh = false;        // instead of leaky ReLU, slope 0.2
  bool layer_norm = false;  // over channels and pixels, with parameters, in the blocks of 3x3 convolutions
};

// Of the official workload and its variants "model_size", "tanh", "layernorm"; throws UserError for another
// variant. The mini tier is narrower and less deep.
UnetConfig unet_config(bool mini, const std::string& variant);

class UnetBlock;
class UpsamplingBlock;
class ConvolutionLayer;

// Parameters down_sample_layers.<i>.conv_layers.{0,4}.weight, conv.…, up_conv.<i>.… (in the last of them one
// level deeper, beside the 1x1 convolution .1), up_transpose_conv.<i>.layers.0.weight. With layer_norm also
// conv_layers.{1,5}.{weight,bias}. All but the last convolution have no bias.
class Unet : public torch::nn::Module {
 public:
  Unet(const UnetConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  // Images [batch, height, width], any size from 2^(pools+1) on -> [batch, height, width]. `dropout_rate`
  // drops whole channels, in training only.
  at::Tensor forward(const at::Tensor& images, double dropout_rate) const;

  // Name of the 1x1 convolution.
  const std::string& output_layer() const { return output_layer_; }

 private:
  std::vector<std::shared_ptr<UnetBlock>> down_;
  std::shared_ptr<UnetBlock> bottom_;
  std::vector<std::shared_ptr<UnetBlock>> up_;
  std::vector<std::shared_ptr<UpsamplingBlock>> upsampling_;
  std::shared_ptr<ConvolutionLayer> output_;
  std::string output_layer_;
};

}  // namespace timetrial
