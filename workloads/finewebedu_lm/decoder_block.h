#pragma once

#include <memory>

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

#include "workloads/finewebedu_lm/decoder_config.h"
#include "workloads/finewebedu_lm/rotary.h"
#include "workloads/layers/linear.h"
#include "workloads/layers/rms_norm.h"

namespace timetrial {

inline constexpr double kDecoderDeviation = 0.02;  // of initial weights
inline constexpr double kDecoderEpsilon = 1e-6;

// Causal attention whose queries and keys are rotated, then normalised to length 1 (Henry et al. 2020) with ε
// added to each element, and whose logits are scaled by one learned number, "attn_scale", which begins at
// log2(context² - context). Children w_qkv (queries, keys, values below each other) and w_out, without
// biases.
class ScaledAttention : public torch::nn::Module {
 public:
  ScaledAttention(const DecoderConfig& config, const at::TensorOptions& options,
                  const at::Generator& generator);

  at::Tensor forward(const at::Tensor& tokens, const RotaryTable& rotary) const;  // [batch, tokens, width]

 private:
  int64_t heads_;
  at::Tensor scale_;
  std::shared_ptr<LinearLayer> in_, out_;
};

// fc2(a * sigmoid(b)), a and b the halves of fc1(x); without biases (Dauphin et al. 2017).
class GatedMlp : public torch::nn::Module {
 public:
  GatedMlp(const DecoderConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  at::Tensor forward(const at::Tensor& tokens) const;  // [..., width]

 private:
  std::shared_ptr<LinearLayer> first_, second_;
};

// x + attn(attn_norm(x)), then x + mlp(mlp_norm(x)).
class DecoderBlock : public torch::nn::Module {
 public:
  DecoderBlock(const DecoderConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  at::Tensor forward(const at::Tensor& tokens, const RotaryTable& rotary) const;  // [batch, tokens, width]

 private:
  std::shared_ptr<ScaledAttention> attention_;
  std::shared_ptr<RmsNormLayer> attention_norm_;
  std::shared_ptr<GatedMlp> mlp_;
  std::shared_ptr<RmsNormLayer> mlp_norm_;
};

}  // namespace timetrial
