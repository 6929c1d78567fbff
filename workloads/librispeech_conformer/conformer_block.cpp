#include "workloads/librispeech_conformer/conformer_block.h"

#include <ATen/ATen.h>

#include "workloads/layers/activation.h"
#include "workloads/layers/dropout.h"
#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

constexpr int64_t kExpansion = 4;
constexpr int64_t kKernel = 5;
constexpr double kInverseSoftplusOfZero = 1.442695041;

std::shared_ptr<LinearLayer> xavier_linear(int64_t inputs, int64_t outputs, const at::TensorOptions& options,
                                           const at::Generator& generator) {
  auto linear = std::make_shared<LinearLayer>(inputs, outputs, options);
  linear->init_xavier(generator);
  return linear;
}

std::shared_ptr<LayerNormLayer> offset_norm(const ConformerConfig& config, const at::TensorOptions& options) {
  return std::make_shared<LayerNormLayer>(config.width, kConformerNormEpsilon, options,
                                          ScaleStorage::offset_from_one);
}

}  // namespace

ConformerFeedForward::ConformerFeedForward(const ConformerConfig& config, const at::TensorOptions& options,
                                           const at::Generator& generator)
    : gelu_(config.gelu), norm_(register_module("ln", offset_norm(config, options))) {
  const int64_t hidden = kExpansion * config.width;
  first_ = register_module("linear1", xavier_linear(config.width, hidden, options, generator));
  second_ = register_module("linear2", xavier_linear(hidden, config.width, options, generator));
}

at::Tensor ConformerFeedForward::forward(const at::Tensor& frames, const FrameMask& mask,
                                         double dropout_rate) const {
  // Masking what comes out masks what went in: the bias would be all that padding gives.
  const at::Tensor hidden =
      activate(gelu_ ? Activation::gelu_tanh : Activation::silu, first_->forward(norm_->forward(frames)));
  return drop(mask.masked(second_->forward(hidden)), dropout_rate);
}

ConformerAttention::ConformerAttention(const ConformerConfig& config, const at::TensorOptions& options,
                                       const at::Generator& generator)
    : heads_(config.heads),
      temperature_(config.attention_temperature),
      norm_(register_module("ln", offset_norm(config, options))) {
  const auto attention = register_module("self_attention", std::make_shared<torch::nn::Module>());
  const auto add = [&](const char* name, int64_t outputs) {
    return attention->register_module(name, xavier_linear(config.width, outputs, options, generator));
  };
  in_ = add("in_proj", 3 * config.width);
  out_ = add("out_proj", config.width);
  query_scale_ = attention->register_module("qs", std::make_shared<torch::nn::Module>())
                     ->register_parameter("scale", at::zeros({config.width / config.heads}, options));
}

at::Tensor ConformerAttention::forward(const at::Tensor& frames, const FrameMask& mask,
                                       double dropout_rate) const {
  // [batch, frames, 3, heads, features of a head] -> queries, keys, values [batch, heads, frames, features]
  const auto parts = in_->forward(norm_->forward(frames))
                         .unflatten(2, {3, heads_, query_scale_.size(0)})
                         .permute({2, 0, 3, 1, 4})
                         .unbind(0);
  const at::Tensor queries = parts[0] * (at::softplus(query_scale_) * kInverseSoftplusOfZero);
  std::optional<at::Tensor> keys_to_see;
  if (mask.any_padding()) keys_to_see = mask.kept().ne(0).reshape({frames.size(0), 1, 1, frames.size(1)});
  at::Tensor attended =
      at::scaled_dot_product_attention(queries, parts[1], parts[2], keys_to_see).transpose(1, 2).flatten(2);
  if (temperature_ != 1) attended = attended * temperature_;
  return drop(out_->forward(attended), dropout_rate);
}

ConformerConvolution::ConformerConvolution(const ConformerConfig& config, const at::TensorOptions& options,
                                           const at::Generator& generator)
    : gelu_(config.gelu), norm_(register_module("ln", offset_norm(config, options))) {
  const auto add = [&](const char* name) {
    return register_module(name, xavier_linear(config.width, config.width, options, generator));
  };
  value_ = add("lin1");
  gate_ = add("lin2");
  kernel_ = register_module("conv1", std::make_shared<torch::nn::Module>())
                ->register_parameter("weight", at::empty({config.width, 1, kKernel}, options));
  fill_xavier_uniform(kernel_, generator);
  batch_norm_ =
      register_module("bn", std::make_shared<MaskedBatchNorm>(config.width, "scale", /*with_size=*/true,
                                                              config.kept_statistics, options));
  out_ = add("lin3");
}

at::Tensor ConformerConvolution::forward(const at::Tensor& frames, const FrameMask& mask,
                                         const ForwardOptions& options, double dropout_rate) const {
  const at::Tensor normal = norm_->forward(frames);
  at::Tensor values = mask.masked(value_->forward(normal) * gate_->forward(normal).sigmoid());
  values =
      at::conv1d(values.transpose(1, 2), kernel_, {}, 1, kKernel / 2, 1, kernel_.size(0)).transpose(1, 2);
  values = batch_norm_->forward(values, mask, options);
  values = activate(gelu_ ? Activation::gelu_erf : Activation::silu, values);
  return drop(out_->forward(values), dropout_rate);
}

ConformerBlock::ConformerBlock(const ConformerConfig& config, const at::TensorOptions& options,
                               const at::Generator& generator) {
  first_ = register_module("ff1", std::make_shared<ConformerFeedForward>(config, options, generator));
  attention_ = register_module("mhsa", std::make_shared<ConformerAttention>(config, options, generator));
  convolution_ = register_module("conv", std::make_shared<ConformerConvolution>(config, options, generator));
  last_ = register_module("ff2", std::make_shared<ConformerFeedForward>(config, options, generator));
  if (config.post_norm) norm_ = register_module("ln", offset_norm(config, options));
}

at::Tensor ConformerBlock::forward(const at::Tensor& frames, const FrameMask& mask,
                                   const ForwardOptions& options, double dropout_rate) const {
  constexpr double kHalf = 0.5;
  at::Tensor sum = at::add(frames, first_->forward(frames, mask, dropout_rate), kHalf);
  sum = sum + attention_->forward(sum, mask, dropout_rate);
  sum = sum + convolution_->forward(sum, mask, options, dropout_rate);
  sum = at::add(sum, last_->forward(sum, mask, dropout_rate), kHalf);
  return norm_ ? norm_->forward(sum) : sum;
}

}  // namespace timetrial
