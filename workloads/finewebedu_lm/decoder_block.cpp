#include "workloads/finewebedu_lm/decoder_block.h"

#include <cmath>

#include <ATen/ATen.h>

#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

// Of the layers that write into the residual stream.
double residual_deviation(const DecoderConfig& config) {
  return kDecoderDeviation / std::sqrt(2.0 * static_cast<double>(config.layers));
}

double initial_scale(const DecoderConfig& config) {
  const auto length = static_cast<double>(config.context);
  return std::log2(length * length - length);
}

// To length 1 over the last dimension; ε comes after the division, as the reference has it.
at::Tensor unit_length(const at::Tensor& heads) {
  return heads / at::linalg_vector_norm(heads, 2, -1, /*keepdim=*/true) + kDecoderEpsilon;
}

}  // namespace

ScaledAttention::ScaledAttention(const DecoderConfig& config, const at::TensorOptions& options,
                                 const at::Generator& generator)
    : heads_(config.heads),
      scale_(register_parameter("attn_scale", at::full({}, initial_scale(config), options))),
      in_(register_module("w_qkv",
                          std::make_shared<LinearLayer>(config.width, 3 * config.width, options, Bias::no))),
      out_(register_module("w_out",
                           std::make_shared<LinearLayer>(config.width, config.width, options, Bias::no))) {
  fill_normal(in_->weight(), kDecoderDeviation, generator);
  fill_normal(out_->weight(), residual_deviation(config), generator);
}

at::Tensor ScaledAttention::forward(const at::Tensor& tokens, const RotaryTable& rotary) const {
  const auto parts = in_->forward(tokens).unflatten(-1, {3, heads_, -1}).unbind(2);
  const at::Tensor queries = unit_length(rotate(parts[0], rotary)) * scale_;
  const at::Tensor keys = unit_length(rotate(parts[1], rotary));
  const at::Tensor attended = at::scaled_dot_product_attention(queries.transpose(1, 2), keys.transpose(1, 2),
                                                               parts[2].transpose(1, 2), {}, /*dropout_p=*/0,
                                                               /*is_causal=*/true, /*scale=*/1.0);
  return out_->forward(attended.transpose(1, 2).flatten(2));
}

GatedMlp::GatedMlp(const DecoderConfig& config, const at::TensorOptions& options,
                   const at::Generator& generator)
    : first_(register_module(
          "fc1", std::make_shared<LinearLayer>(config.width, 2 * config.hidden(), options, Bias::no))),
      second_(register_module(
          "fc2", std::make_shared<LinearLayer>(config.hidden(), config.width, options, Bias::no))) {
  fill_normal(first_->weight(), kDecoderDeviation, generator);
  fill_normal(second_->weight(), residual_deviation(config), generator);
}

at::Tensor GatedMlp::forward(const at::Tensor& tokens) const {
  return second_->forward(at::glu(first_->forward(tokens), -1));
}

DecoderBlock::DecoderBlock(const DecoderConfig& config, const at::TensorOptions& options,
                           const at::Generator& generator)
    : attention_(register_module("attn", std::make_shared<ScaledAttention>(config, options, generator))),
      attention_norm_(register_module(
          "attn_norm", std::make_shared<RmsNormLayer>(config.width, kDecoderEpsilon, options))),
      mlp_(register_module("mlp", std::make_shared<GatedMlp>(config, options, generator))),
      mlp_norm_(register_module("mlp_norm",
                                std::make_shared<RmsNormLayer>(config.width, kDecoderEpsilon, options))) {}

at::Tensor DecoderBlock::forward(const at::Tensor& tokens, const RotaryTable& rotary) const {
  const at::Tensor attended = tokens + attention_->forward(attention_norm_->forward(tokens), rotary);
  return attended + mlp_->forward(mlp_norm_->forward(attended));
}

}  // namespace timetrial
