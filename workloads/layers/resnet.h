#pragma once

#include <array>
#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/model.h"
#include "workloads/layers/linear.h"
#include "workloads/layers/residual_block.h"

namespace timetrial {

enum class ResNetStem {
  seven_by_seven,  // 7x7 convolution of stride 2, then 3x3 maximum of stride 2: for images of 224 pixels
  three_by_three,  // 3x3 convolution, full size: for images of 32 pixels
};

struct ResNetConfig {
  ResNetStem stem = ResNetStem::seven_by_seven;
  ResidualBlockKind block = ResidualBlockKind::bottleneck;
  std::array<int64_t, 4> blocks = {3, 4, 6, 3};  // per stage; every stage has twice the width of the last
  int64_t width = 64;                            // of the stem and the first stage
  int64_t classes = 1000;
  Activation activation = Activation::relu;
  double last_norm_scale = 0;  // initial scale of the last norm of every block
};

// Residual network of four stages (He et al. 2015): stem, blocks, mean over all pixels, linear layer.
// Convolutions are drawn as fill_lecun_normal(), the linear weight is normal with deviation 0.01. Parameters
// conv1, bn1, layer1 … layer4, fc.{weight, bias}. On a CPU weights and images lie channels-last in memory.
class ResNet : public torch::nn::Module {
 public:
  ResNet(const ResNetConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  // [batch, 3, height, width] -> logits [batch, classes]
  at::Tensor forward(const at::Tensor& images, const ForwardOptions& options) const;

 private:
  void add_stage(const ResNetConfig& config, int64_t stage, int64_t& channels,
                 const at::TensorOptions& options, const at::Generator& generator);

  ResNetStem stem_;
  Activation activation_;
  at::MemoryFormat format_;
  std::shared_ptr<ConvolutionLayer> stem_convolution_;
  std::shared_ptr<BatchNormLayer> stem_norm_;
  std::vector<std::shared_ptr<ResidualBlock>> blocks_;
  std::shared_ptr<LinearLayer> output_;
};

}  // namespace timetrial
