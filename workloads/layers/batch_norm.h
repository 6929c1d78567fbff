#pragma once

#include <cstdint>

#include <torch/nn/module.h>

#include "timetrial/model.h"

namespace timetrial {

// Batch normalisation of [batch, features, height, width]: parameters "weight" (ones) and "bias" (zeros),
// buffers "running_mean", "running_var" and "num_batches_tracked". Biased variance to normalise with,
// unbiased in the running statistics, which keep 0.9 of their old value.
class BatchNormLayer : public torch::nn::Module {
 public:
  BatchNormLayer(int64_t features, const at::TensorOptions& options);

  // Training mode normalises by the batch, of all ranks together, and moves the running statistics unless
  // update_batch_norm is false; evaluation mode normalises by the running statistics.
  at::Tensor forward(const at::Tensor& values, const ForwardOptions& options) const;

  const at::Tensor& weight() const { return weight_; }

 private:
  at::Tensor forward_over_ranks(const at::Tensor& values, bool update) const;

  at::Tensor weight_;
  at::Tensor bias_;
  at::Tensor running_mean_;
  at::Tensor running_variance_;
  at::Tensor batches_;
};

}  // namespace timetrial
