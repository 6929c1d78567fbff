#include "workloads/layers/attention.h"

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
                  double dropout_rate) {
  const at::Tensor attended = at::scaled_dot_product_attention(
      split_heads(queries, heads), split_heads(keys, heads), split_heads(values, heads), {}, dropout_rate);
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
  return out_->forward(
      attend(query_->forward(tokens), key_->forward(tokens), value_->forward(tokens), heads_, dropout_rate));
}

CrossAttention::CrossAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                               const at::Generator& generator)
    : heads_(heads) {
  const auto add = [&](const char* name, int64_t outputs) {
    const auto linear = register_module(name, std::make_shared<LinearLayer>(width, outputs, options));
    fill_xavier_uniform(linear->weight(), generator);
    fill_normal(linear->bias(), kBiasDeviation, generator);
    return linear;
  };
  query_ = add("q_proj", width);
  key_value_ = add("kv_proj", 2 * width);
  out_ = add("out_proj", width);
}

at::Tensor CrossAttention::forward(const at::Tensor& tokens, const at::Tensor& memory,
                                   double dropout_rate) const {
  const auto keys_values = key_value_->forward(memory).chunk(2, -1);
  return out_->forward(attend(query_->forward(tokens), keys_values[0], keys_values[1], heads_, dropout_rate));
}

}  // namespace timetrial
