#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "workloads/imagenet_vit/vit_config.h"
#include "workloads/layers/attention.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/layers/transformer_mlp.h"

namespace timetrial {

// Sums tokens up by the attention of a learned probe: y = attention(probe, tokens), y + mlp(norm(y)). Its
// parameter is "probe" [1, 1, width], its children mha, layer_norm, mlp; the MLP is never gated.
class AttentionPool : public torch::nn::Module {
 public:
  AttentionPool(const VitConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  // [batch, tokens, width] -> [batch, width]; `dropout_rate` 0 outside training
  at::Tensor forward(const at::Tensor& tokens, double dropout_rate) const;

 private:
  at::Tensor probe_;
  std::shared_ptr<CrossAttention> attention_;
  std::shared_ptr<LayerNormLayer> norm_;
  std::shared_ptr<TransformerMlp> mlp_;
};

}  // namespace timetrial
