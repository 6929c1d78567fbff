#pragma once

#include <memory>
#include <string>

#include <torch/nn/module.h>

#include "workloads/layers/activation.h"
#include "workloads/layers/linear.h"
#include "workloads/librispeech/frame_paddings.h"

namespace timetrial {

// One 3x3 convolution that halves frames and bands, and its activation; padded frames become zero. Parameters
// "kernel" [width, inputs, 3, 3] (Xavier uniform) and "bias" (zero).
class HalvingLayer : public torch::nn::Module {
 public:
  HalvingLayer(int64_t inputs, int64_t outputs, Activation activation, const at::TensorOptions& options,
               const at::Generator& generator);

  // values [batch, frames, bands, inputs] -> [batch, ceil(frames / 2), ceil(bands / 2), outputs]; `mask` is
  // that of the result
  at::Tensor forward(const at::Tensor& values, const FrameMask& mask) const;

 private:
  Activation activation_;
  at::Tensor kernel_;
  at::Tensor bias_;
};

struct SubsamplingShape {
  int64_t channels = 512;  // of the convolutions
  int64_t width = 512;     // of the result
  Activation activation = Activation::relu;
  std::string linear_name = "linear";
  bool positions = true;  // adds fixed sine and cosine positions
};

// Log-mel frames -> a quarter of the frames, `width` wide: two HalvingLayers "conv1" and "conv2", the bands
// and channels of a frame through a linear layer, positions, dropout. With positions there are also the
// constant buffers that the reference's state dict has: "conv<i>.paddings_kernel" and
// "pos_encode.inv_timescales".
class Subsampling : public torch::nn::Module {
 public:
  Subsampling(const SubsamplingShape& shape, const at::TensorOptions& options,
              const at::Generator& generator);

  // features [batch, frames, 80] with paddings [batch, frames]; `dropout_rate` 0 outside training
  at::Tensor forward(const at::Tensor& features, const at::Tensor& paddings, double dropout_rate) const;

 private:
  std::shared_ptr<HalvingLayer> first_, second_;
  std::shared_ptr<LinearLayer> linear_;
  at::Tensor frequencies_;  // undefined without positions
};

}  // namespace timetrial
