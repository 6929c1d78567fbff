#include "workloads/imagenet_vit/attention_pool.h"

#include <ATen/ATen.h>

#include "workloads/imagenet_vit/encoder_block.h"
#include "workloads/layers/initial_values.h"

namespace timetrial {

AttentionPool::AttentionPool(const VitConfig& config, const at::TensorOptions& options,
                             const at::Generator& generator)
    : probe_(register_parameter("probe", at::empty({1, 1, config.width}, options))) {
  fill_xavier_uniform(probe_, generator);
  attention_ = register_module(
      "mha", std::make_shared<CrossAttention>(config.width, config.heads, options, generator));
  norm_ =
      register_module("layer_norm", std::make_shared<LayerNormLayer>(config.width, kVitNormEpsilon, options));
  mlp_ = register_module("mlp", std::make_shared<TransformerMlp>(config.width, config.hidden,
                                                                 /*gated=*/false, options, generator));
}

at::Tensor AttentionPool::forward(const at::Tensor& tokens, double dropout_rate) const {
  const at::Tensor pooled =
      attention_->forward(probe_.expand({tokens.size(0), -1, -1}), tokens, {.dropout_rate = dropout_rate});
  return (pooled + mlp_->forward(norm_->forward(pooled), dropout_rate)).squeeze(1);
}

}  // namespace timetrial
