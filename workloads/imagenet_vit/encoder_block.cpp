#include "workloads/imagenet_vit/encoder_block.h"

#include "workloads/layers/dropout.h"

namespace timetrial {

EncoderBlock::EncoderBlock(const VitConfig& config, const at::TensorOptions& options,
                           const at::Generator& generator)
    : post_norm_(config.post_norm) {
  const auto norm = [&] { return std::make_shared<LayerNormLayer>(config.width, kVitNormEpsilon, options); };
  attention_norm_ = register_module("layer_norm0", norm());
  attention_ = register_module(
      "self_attention1", std::make_shared<SelfAttention>(config.width, config.heads, options, generator));
  mlp_norm_ = register_module("layer_norm2", norm());
  mlp_ = register_module("mlp3", std::make_shared<TransformerMlp>(config.width, config.hidden, config.gated,
                                                                  options, generator));
}

at::Tensor EncoderBlock::forward(const at::Tensor& tokens, double dropout_rate) const {
  const auto attended = [&](const at::Tensor& input) {
    return drop(attention_->forward(input, dropout_rate), dropout_rate);
  };
  const auto transformed = [&](const at::Tensor& input) {
    return drop(mlp_->forward(input, dropout_rate), dropout_rate);
  };
  if (post_norm_) {
    const at::Tensor middle = attention_norm_->forward(tokens + attended(tokens));
    return mlp_norm_->forward(middle + transformed(middle));
  }
  const at::Tensor middle = tokens + attended(attention_norm_->forward(tokens));
  return middle + transformed(mlp_norm_->forward(middle));
}

}  // namespace timetrial
