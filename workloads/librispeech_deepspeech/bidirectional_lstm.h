#pragma once

#include <vector>

#include <torch/nn/module.h>

#include "workloads/librispeech/frame_paddings.h"

namespace timetrial {

// One LSTM layer that reads every row forwards and, with weights of its own, backwards from its last frame
// that is no padding (Hochreiter and Schmidhuber 1997; Graves and Schmidhuber 2005). Half of the result's
// width is of either direction; padding becomes zero. Parameters weight_ih_l0, weight_hh_l0, bias_ih_l0,
// bias_hh_l0 and the same with "_reverse", gates in the order input, forget, cell, output; all uniform in
// ±1/sqrt(width / 2).
class BidirectionalLstm : public torch::nn::Module {
 public:
  BidirectionalLstm(int64_t width, const at::TensorOptions& options, const at::Generator& generator);

  // [batch, frames, width] -> the same shape
  at::Tensor forward(const at::Tensor& frames, const FrameMask& mask) const;

 private:
  at::Tensor read(const at::Tensor& frames, bool both, size_t first_parameter) const;

  int64_t hidden_;
  std::vector<at::Tensor> weights_;  // four forwards, four backwards
};

}  // namespace timetrial
