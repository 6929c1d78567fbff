#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "timetrial/model.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/layers/linear.h"
#include "workloads/librispeech/frame_paddings.h"
#include "workloads/librispeech/masked_batch_norm.h"
#include "workloads/librispeech_conformer/conformer_config.h"

namespace timetrial {

inline constexpr double kConformerNormEpsilon = 1e-6;

// linear2(activation(linear1(norm(x)))), four times as wide inside; padding becomes zero. Children ln,
// linear1, linear2. GELU, in the variant, is the tanh approximation.
class ConformerFeedForward : public torch::nn::Module {
 public:
  ConformerFeedForward(const ConformerConfig& config, const at::TensorOptions& options,
                       const at::Generator& generator);

  at::Tensor forward(const at::Tensor& frames, const FrameMask& mask, double dropout_rate) const;

 private:
  bool gelu_;
  std::shared_ptr<LayerNormLayer> norm_;
  std::shared_ptr<LinearLayer> first_, second_;
};

// Attention of every frame to the frames that are no padding. Queries are scaled feature by feature by
// softplus(s) / ln 2, where all heads share s; what comes out is multiplied by the temperature. Children ln
// and self_attention.{in_proj, out_proj, qs.scale}.
class ConformerAttention : public torch::nn::Module {
 public:
  ConformerAttention(const ConformerConfig& config, const at::TensorOptions& options,
                     const at::Generator& generator);

  at::Tensor forward(const at::Tensor& frames, const FrameMask& mask, double dropout_rate) const;

 private:
  int64_t heads_;
  double temperature_;
  std::shared_ptr<LayerNormLayer> norm_;
  std::shared_ptr<LinearLayer> in_, out_;
  at::Tensor query_scale_;
};

// lin3(activation(batch norm(convolution(lin1(n) * sigmoid(lin2(n)))))) with n = norm(x); the convolution
// takes every feature by itself over 5 frames. Children ln, lin1, lin2, conv1, bn, lin3. GELU, in the
// variant, is the exact one.
class ConformerConvolution : public torch::nn::Module {
 public:
  ConformerConvolution(const ConformerConfig& config, const at::TensorOptions& options,
                       const at::Generator& generator);

  at::Tensor forward(const at::Tensor& frames, const FrameMask& mask, const ForwardOptions& options,
                     double dropout_rate) const;

 private:
  bool gelu_;
  std::shared_ptr<LayerNormLayer> norm_;
  std::shared_ptr<LinearLayer> value_, gate_, out_;
  at::Tensor kernel_;
  std::shared_ptr<MaskedBatchNorm> batch_norm_;
};

// Gulati et al. 2020: half a feed-forward step, attention, convolution, half a feed-forward step, each added
// to its input; then a norm, but not in the variant "layernorm". Children ff1, mhsa, conv, ff2, ln.
class ConformerBlock : public torch::nn::Module {
 public:
  ConformerBlock(const ConformerConfig& config, const at::TensorOptions& options,
                 const at::Generator& generator);

  // [batch, frames, width]; `dropout_rate` 0 outside training
  at::Tensor forward(const at::Tensor& frames, const FrameMask& mask, const ForwardOptions& options,
                     double dropout_rate) const;

 private:
  std::shared_ptr<ConformerFeedForward> first_, last_;
  std::shared_ptr<ConformerAttention> attention_;
  std::shared_ptr<ConformerConvolution> convolution_;
  std::shared_ptr<LayerNormLayer> norm_;  // empty without post_norm
};

}  // namespace timetrial
