#pragma once

#include <cstdint>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

namespace timetrial {

struct ConvolutionShape {
  int64_t inputs = 0;   // channels
  int64_t outputs = 0;  // channels
  int64_t kernel = 1;   // side of the square
  int64_t stride = 1;
  int64_t padding = 0;  // zeros on every side
  bool bias = false;
};

// Two-dimensional convolution with parameters "weight" [outputs, inputs, kernel, kernel] and, if asked for,
// "bias" [outputs]; uninitialised until init_lecun() ran. `format` is how the weight lies in memory
// (channels-last is faster on a CPU); its shape and meaning stay the same.
class ConvolutionLayer : public torch::nn::Module {
 public:
  ConvolutionLayer(const ConvolutionShape& shape, const at::TensorOptions& options,
                   at::MemoryFormat format = at::MemoryFormat::Contiguous);

  at::Tensor forward(const at::Tensor& images) const;  // [batch, inputs, height, width]

  // Weight as fill_lecun_normal(), bias zero.
  void init_lecun(const at::Generator& generator);

 private:
  int64_t stride_;
  int64_t padding_;
  at::Tensor weight_;
  at::Tensor bias_;  // undefined without one
};

}  // namespace timetrial
