#include "workloads/wmt/transformer_layers.h"

#include <ATen/ATen.h>

#include "workloads/layers/activation.h"
#include "workloads/layers/dropout.h"
#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

constexpr double kBiasDeviation = 1e-6;

std::shared_ptr<LayerNormLayer> add_norm(torch::nn::Module& owner, const char* name,
                                         const TransformerConfig& config, const at::TensorOptions& options) {
  return owner.register_module(name,
                               std::make_shared<LayerNormLayer>(config.width, kWmtNormEpsilon, options));
}

std::shared_ptr<FusedSelfAttention> add_self_attention(torch::nn::Module& owner,
                                                       const TransformerConfig& config,
                                                       const at::TensorOptions& options,
                                                       const at::Generator& generator) {
  return owner.register_module(
      "self_attn", std::make_shared<FusedSelfAttention>(config.width, config.heads, options, generator));
}

// x + block(norm(x)), or norm(x + block(x))
template <typename Block>
at::Tensor residual(const at::Tensor& tokens, const LayerNormLayer& norm, bool post_norm, double dropout_rate,
                    const Block& block) {
  if (post_norm) return norm.forward(tokens + drop(block(tokens), dropout_rate));
  return tokens + drop(block(norm.forward(tokens)), dropout_rate);
}

}  // namespace

TransformerFeedForward::TransformerFeedForward(torch::nn::Module& owner, const TransformerConfig& config,
                                               const at::TensorOptions& options,
                                               const at::Generator& generator) {
  const auto add = [&](const char* name, int64_t inputs, int64_t outputs) {
    const auto linear = owner.register_module(name, std::make_shared<LinearLayer>(inputs, outputs, options));
    fill_xavier_uniform(linear->weight(), generator);
    fill_normal(linear->bias(), kBiasDeviation, generator);
    return linear;
  };
  first_ = add("linear1", config.width, config.hidden);
  if (config.tanh_glu) gate_ = add("linear_glu", config.width, config.hidden);
  second_ = add("linear2", config.hidden, config.width);
}

at::Tensor TransformerFeedForward::operator()(const at::Tensor& tokens, double dropout_rate) const {
  at::Tensor hidden = activate(gate_ ? Activation::tanh : Activation::relu, first_->forward(tokens));
  if (gate_) hidden = hidden * gate_->forward(tokens);
  return second_->forward(drop(hidden, dropout_rate));
}

TransformerEncoderLayer::TransformerEncoderLayer(const TransformerConfig& config,
                                                 const at::TensorOptions& options,
                                                 const at::Generator& generator)
    : config_(config),
      attention_(add_self_attention(*this, config, options, generator)),
      feed_forward_(*this, config, options, generator),
      norm1_(add_norm(*this, "norm1", config, options)),
      norm2_(add_norm(*this, "norm2", config, options)) {}

at::Tensor TransformerEncoderLayer::forward(const at::Tensor& tokens, const at::Tensor& mask,
                                            double dropout_rate) const {
  const at::Tensor attended =
      residual(tokens, *norm1_, config_.post_norm, dropout_rate, [&](const at::Tensor& input) {
        return attention_->forward(input, {dropout_rate, config_.attention_temperature, mask});
      });
  return residual(attended, *norm2_, config_.post_norm, dropout_rate,
                  [&](const at::Tensor& input) { return feed_forward_(input, dropout_rate); });
}

TransformerDecoderLayer::TransformerDecoderLayer(const TransformerConfig& config,
                                                 const at::TensorOptions& options,
                                                 const at::Generator& generator)
    : config_(config),
      self_attention_(add_self_attention(*this, config, options, generator)),
      cross_attention_(register_module(
          "multihead_attn",
          std::make_shared<CrossAttention>(config.width, config.heads, options, generator, Bias::no))),
      feed_forward_(*this, config, options, generator),
      norm1_(add_norm(*this, "norm1", config, options)),
      norm2_(add_norm(*this, "norm2", config, options)),
      norm3_(add_norm(*this, "norm3", config, options)) {}

template <typename Self, typename Cross>
at::Tensor TransformerDecoderLayer::run(at::Tensor tokens, double dropout_rate, const Self& self,
                                        const Cross& cross) const {
  tokens = residual(tokens, *norm1_, config_.post_norm, dropout_rate, self);
  tokens = residual(tokens, *norm2_, config_.post_norm, dropout_rate, cross);
  return residual(tokens, *norm3_, config_.post_norm, dropout_rate,
                  [&](const at::Tensor& input) { return feed_forward_(input, dropout_rate); });
}

at::Tensor TransformerDecoderLayer::forward(const at::Tensor& tokens, const at::Tensor& memory,
                                            const at::Tensor& mask, const at::Tensor& memory_mask,
                                            double dropout_rate) const {
  const double temperature = config_.attention_temperature;
  return run(
      tokens, dropout_rate,
      [&](const at::Tensor& input) {
        return self_attention_->forward(input, {dropout_rate, temperature, mask});
      },
      [&](const at::Tensor& input) {
        return cross_attention_->forward(input, memory, {dropout_rate, temperature, memory_mask});
      });
}

at::Tensor TransformerDecoderLayer::step(const at::Tensor& tokens, KeysValues& past, const KeysValues& memory,
                                         const at::Tensor& memory_mask) const {
  const double temperature = config_.attention_temperature;
  return run(
      tokens, 0,
      [&](const at::Tensor& input) {
        const at::Tensor rows = input.reshape({-1, 1, input.size(2)});
        return self_attention_->extend(rows, past, {0, temperature, {}}).view(input.sizes());
      },
      [&](const at::Tensor& input) {
        return cross_attention_->forward(input, memory, {0, temperature, memory_mask});
      });
}

}  // namespace timetrial
