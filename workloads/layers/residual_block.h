#pragma once

#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/model.h"
#include "workloads/layers/activation.h"
#include "workloads/layers/batch_norm.h"
#include "workloads/layers/convolution.h"

namespace timetrial {

enum class ResidualBlockKind {
  basic,       // 3x3, 3x3
  bottleneck,  // 1x1, 3x3, 1x1 to four times the width
};

// Output channels of a block per channel of its width.
int64_t expansion(ResidualBlockKind kind);

struct ResidualBlockShape {
  ResidualBlockKind kind = ResidualBlockKind::bottleneck;
  int64_t inputs = 0;  // channels
  int64_t width = 0;   // channels of the 3x3 convolutions
  int64_t stride = 1;  // of the first 3x3 convolution
  Activation activation = Activation::relu;
  double last_norm_scale = 0;  // 0: the block starts as the identity
};

// y = activation(x' + norm(conv(... activation(norm(conv(x)))))), He et al. 2015. x' is x, or, where the
// shape changes, its projection by a strided 1x1 convolution and a norm. Children: conv1, bn1, conv2, bn2 (,
// conv3, bn3) and downsample.{conv, bn}.
class ResidualBlock : public torch::nn::Module {
 public:
  ResidualBlock(const ResidualBlockShape& shape, const at::TensorOptions& options, at::MemoryFormat format,
                const at::Generator& generator);

  at::Tensor forward(const at::Tensor& input, const ForwardOptions& options) const;

 private:
  struct Layer {
    std::shared_ptr<ConvolutionLayer> convolution;
    std::shared_ptr<BatchNormLayer> norm;

    at::Tensor forward(const at::Tensor& input, const ForwardOptions& options) const {
      return norm->forward(convolution->forward(input), options);
    }
  };

  Activation activation_;
  std::vector<Layer> path_;
  Layer projection_;  // empty where the shape stays
};

}  // namespace timetrial
