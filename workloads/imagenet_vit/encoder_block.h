#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "workloads/imagenet_vit/vit_config.h"
#include "workloads/layers/attention.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/layers/transformer_mlp.h"

namespace timetrial {

inline constexpr double kVitNormEpsilon = 1e-6;

// One encoder block: x + attention(norm(x)), then x + mlp(norm(x)); with post_norm the norms follow the sums
// instead. Children layer_norm0, self_attention1, layer_norm2, mlp3.
class EncoderBlock : public torch::nn::Module {
 public:
  EncoderBlock(const VitConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  // [batch, tokens, width]; `dropout_rate` 0 outside training
  at::Tensor forward(const at::Tensor& tokens, double dropout_rate) const;

 private:
  bool post_norm_;
  std::shared_ptr<LayerNormLayer> attention_norm_;
  std::shared_ptr<SelfAttention> attention_;
  std::shared_ptr<LayerNormLayer> mlp_norm_;
  std::shared_ptr<TransformerMlp> mlp_;
};

}  // namespace timetrial
