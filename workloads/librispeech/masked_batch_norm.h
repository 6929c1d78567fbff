#pragma once

#include <cstdint>

#include <torch/nn/module.h>

#include "timetrial/model.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/librispeech/frame_paddings.h"

namespace timetrial {

// Shares of the running statistics that a training pass keeps. Trials of the mini tier end after some 2,000
// steps, and would be evaluated with the statistics of an untrained model at the full tier's pace.
inline constexpr double kFullKeptStatistics = 0.999;
inline constexpr double kMiniKeptStatistics = 0.99;

// Batch normalisation of [batch, frames, features] over the frames that are not padding; padding becomes
// zero. The scale is 1 + a parameter that starts at zero; "bias" starts at zero. Biased variances, epsilon
// 1e-3. Buffers "running_mean" and "running_var".
class MaskedBatchNorm : public torch::nn::Module {
 public:
  // `scale_name`: of the parameter; `with_size`: adds the constant buffer "dim", which Conformer's state dict
  // has; `kept_statistics`: share of the running statistics that a training pass keeps.
  MaskedBatchNorm(int64_t features, const std::string& scale_name, bool with_size, double kept_statistics,
                  const at::TensorOptions& options);

  // Training mode normalises by the batch, of all ranks together, and moves the running statistics unless
  // update_batch_norm is false; evaluation mode normalises by the running statistics.
  at::Tensor forward(const at::Tensor& values, const FrameMask& mask, const ForwardOptions& options) const;

 private:
  void update(const at::Tensor& mean, const at::Tensor& variance) const;

  double kept_statistics_;
  at::Tensor scale_;
  at::Tensor bias_;
  at::Tensor running_mean_;
  at::Tensor running_variance_;
};

}  // namespace timetrial
