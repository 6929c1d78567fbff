#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "workloads/layers/linear.h"

namespace timetrial {

// Multi-head attention, softmax(Q Kᵀ / sqrt(d)) V with d = width / heads (Vaswani et al. 2017). Queries
// [batch, queries, width], keys and values [batch, keys, width] -> [batch, queries, width]; heads are
// consecutive slices of the width. `dropout_rate` drops attention probabilities.
at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values, int64_t heads,
                  double dropout_rate);

// Projections "query", "key", "value", "out", all [width, width] with bias. Xavier-uniform weights, zero
// biases.
class SelfAttention : public torch::nn::Module {
 public:
  SelfAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                const at::Generator& generator);

  // [batch, tokens, width]; `dropout_rate` 0 outside training
  at::Tensor forward(const at::Tensor& tokens, double dropout_rate) const;

 private:
  int64_t heads_;
  std::shared_ptr<LinearLayer> query_, key_, value_, out_;
};

// Attention of one sequence to another: projections "q_proj" [width, width], "kv_proj" [2 width, width]
// (keys, then values) and "out_proj". Xavier-uniform weights, normal biases of deviation 1e-6.
class CrossAttention : public torch::nn::Module {
 public:
  CrossAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                 const at::Generator& generator);

  // tokens [batch, n, width] look at memory [batch, m, width] -> [batch, n, width]
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& memory, double dropout_rate) const;

 private:
  int64_t heads_;
  std::shared_ptr<LinearLayer> query_, key_value_, out_;
};

}  // namespace timetrial
