#pragma once

#include <memory>

#include <torch/nn/module.h>

#include "workloads/layers/linear.h"

namespace timetrial {

struct AttentionOptions {
  double dropout_rate = 0;  // of attention probabilities; 0 outside training
  double temperature = 1;   // multiplies the queries
  at::Tensor mask = {};     // added to the scores: [batch or 1, 1, queries, keys], or undefined
};

// Multi-head attention, softmax(t Q Kᵀ / sqrt(d) + mask) V with d = width / heads (Vaswani et al. 2017).
// Queries [batch, queries, width], keys and values [batch, keys, width] -> [batch, queries, width]; heads are
// consecutive slices of the width.
at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values, int64_t heads,
                  const AttentionOptions& options = {});

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

struct KeysValues {
  at::Tensor keys;    // [batch, keys, width]
  at::Tensor values;  // [batch, keys, width]
};

// Self-attention by one projection "in_proj" [3 width, width] (queries, keys, values) and "out_proj", without
// biases. Xavier-uniform weights, of the tensors as they are.
class FusedSelfAttention : public torch::nn::Module {
 public:
  FusedSelfAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                     const at::Generator& generator);

  at::Tensor forward(const at::Tensor& tokens, const AttentionOptions& attention) const;

  // The same for tokens that come one after the other: new ones [batch, new, width] look at those of `past`
  // and at each other. `past` (its tensors undefined before the first) grows by their keys and values.
  at::Tensor extend(const at::Tensor& tokens, KeysValues& past, const AttentionOptions& attention) const;

 private:
  int64_t heads_;
  std::shared_ptr<LinearLayer> in_, out_;
};

// Attention of one sequence to another: projections "q_proj" [width, width], "kv_proj" [2 width, width]
// (keys, then values) and "out_proj". Xavier-uniform weights; biases, where there are any, normal of
// deviation 1e-6.
class CrossAttention : public torch::nn::Module {
 public:
  CrossAttention(int64_t width, int64_t heads, const at::TensorOptions& options,
                 const at::Generator& generator, Bias bias = Bias::yes);

  // tokens [batch, n, width] look at memory [batch, m, width] -> [batch, n, width]
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& memory,
                     const AttentionOptions& attention) const;

  // The same in two parts, for a memory that is looked at again and again.
  KeysValues keys_values(const at::Tensor& memory) const;
  at::Tensor forward(const at::Tensor& tokens, const KeysValues& memory,
                     const AttentionOptions& attention) const;

 private:
  int64_t heads_;
  std::shared_ptr<LinearLayer> query_, key_value_, out_;
};

}  // namespace timetrial
