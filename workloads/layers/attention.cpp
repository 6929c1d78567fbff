#include "workloads/layers/attention.h"

#include <cmath>

#include <ATen/ATen.h>

#include "workloads/layers/initial_values.h"

namespace timetrial {
namespace {

constexpr double kBiasDeviation = 1e-6;

// [batch, tokens, width] -> [batch, heads, tokens, width / heads], without a copy.
at::Tensor split_heads(const at::Tensor& values, int64_t heads) {
  return values.unflatten(-1, {heads, values.size(-1) / heads}).transpose(1, 2);
}

}  // namespace

at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values, int64_t heads,
                  const AttentionOptions& options) {
  const double scale = options.temperature / std::sqrt(static_cast<double>(queries.size(-1) / heads));
  const at::Tensor attended = at::scaled_dot_product_attention(
      split_heads(queries, heads), split_heads(keys, heads), split_heads(values, heads),
      options.mask.defined() ? std::make_optional(options.mask) : std::nullopt, options.dropout_rate,
      /*is_causal=*/false, scale);
  return attended.transpose(1, 2).flatten(2);
}

SelfAttention::SelfAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                             const at::Generator& generator)
    : heads_(heads) {
  const auto add = [&](const char* name) {
    const auto linear = register_module(name, std::make_shared<LinearLayer>(width, width, options));
    fill_xavier_uniform(linear->weight(), generator);
    fill_constant(linear->bias(), 0);
    return linear;
  };
  query_ = add("query");
  key_ = add("key");
  value_ = add("value");
  out_ = add("out");
}

at::Tensor SelfAttention::forward(const at::Tensor& tokens, double dropout_rate) const {
  return out_->forward(attend(query_->forward(tokens), key_->forward(tokens), value_->forward(tokens), heads_,
                              {.dropout_rate = dropout_rate}));
}

FusedSelfAttention::FusedSelfAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                                       const at::Generator& generator)
    : heads_(heads) {
  const auto add = [&](const char* name, int64_t outputs) {
    const auto linear =
        register_module(name, std::make_shared<LinearLayer>(width, outputs, options, Bias::no));
    fill_xavier_uniform(linear->weight(), generator);
    return linear;
  };
  in_ = add("in_proj", 3 * width);
  out_ = add("out_proj", width);
}

at::Tensor FusedSelfAttention::forward(const at::Tensor& tokens, const AttentionOptions& attention) const {
  const auto parts = in_->forward(tokens).chunk(3, -1);
  return out_->forward(attend(parts[0], parts[1], parts[2], heads_, attention));
}

at::Tensor FusedSelfAttention::extend(const at::Tensor& tokens, KeysValues& past,
                                      const AttentionOptions& attention) const {
  const auto parts = in_->forward(tokens).chunk(3, -1);
  past.keys = past.keys.defined() ? at::cat({past.keys, parts[1]}, 1) : parts[1];
  past.values = past.values.defined() ? at::cat({past.values, parts[2]}, 1) : parts[2];
  return out_->forward(attend(parts[0], past.keys, past.values, heads_, attention));
}

CrossAttention::CrossAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                               const at::Generator& generator, Bias bias)
    : heads_(heads) {
  const auto add = [&](const char* name, int64_t outputs) {
    const auto linear = register_module(name, std::make_shared<LinearLayer>(width, outputs, options, bias));
    fill_xavier_uniform(linear->weight(), generator);
    if (bias == Bias::yes) fill_normal(linear->bias(), kBiasDeviation, generator);
    return linear;
  };
  query_ = add("q_proj", width);
  key_value_ = add("kv_proj", 2 * width);
  out_ = add("out_proj", width);
}

KeysValues CrossAttention::keys_values(const at::Tensor& memory) const {
  const auto parts = key_value_->forward(memory).chunk(2, -1);
  return {parts[0], parts[1]};
}

at::Tensor CrossAttention::forward(const at::Tensor& tokens, const KeysValues& memory,
                                   const AttentionOptions& attention) const {
  return out_->forward(attend(query_->forward(tokens), memory.keys, memory.values, heads_, attention));
}

at::Tensor CrossAttention::forward(const at::Tensor& tokens, const at::Tensor& memory,
                                   const AttentionOptions& attention) const {
  return forward(tokens, keys_values(memory), attention);
}

}  // namespace timetrial
