#pragma once

// One layer of the encoder and one of the decoder (Vaswani et al. 2017), normalised before each block and
// summed after, or (post-norm) the other way round. Tensors are [batch, tokens, width].

#include <memory>

#include <torch/nn/module.h>

#include "workloads/layers/attention.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/layers/linear.h"
#include "workloads/wmt/transformer_config.h"

namespace timetrial {

// Linear, ReLU (or tanh, times a linear gate on the input), dropout, linear. Registers its layers "linear1",
// "linear_glu" and "linear2" with their owner. Xavier-uniform weights, normal biases of deviation 1e-6.
class TransformerFeedForward {
 public:
  TransformerFeedForward(torch::nn::Module& owner, const TransformerConfig& config,
                         const at::TensorOptions& options, const at::Generator& generator);

  at::Tensor operator()(const at::Tensor& tokens, double dropout_rate) const;

 private:
  std::shared_ptr<LinearLayer> first_, gate_, second_;
};

class TransformerEncoderLayer : public torch::nn::Module {
 public:
  TransformerEncoderLayer(const TransformerConfig& config, const at::TensorOptions& options,
                          const at::Generator& generator);

  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& mask, double dropout_rate) const;

 private:
  TransformerConfig config_;
  std::shared_ptr<FusedSelfAttention> attention_;
  TransformerFeedForward feed_forward_;
  std::shared_ptr<LayerNormLayer> norm1_, norm2_;
};

class TransformerDecoderLayer : public torch::nn::Module {
 public:
  TransformerDecoderLayer(const TransformerConfig& config, const at::TensorOptions& options,
                          const at::Generator& generator);

  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& memory, const at::Tensor& mask,
                     const at::Tensor& memory_mask, double dropout_rate) const;

  KeysValues keys_values(const at::Tensor& memory) const { return cross_attention_->keys_values(memory); }

  // Several rows of one token each, [sentences, rows, width], that look at their own sentence's memory and
  // their own past, [sentences * rows, tokens, width], which grows. No dropout.
  at::Tensor step(const at::Tensor& tokens, KeysValues& past, const KeysValues& memory,
                  const at::Tensor& memory_mask) const;

 private:
  template <typename Self, typename Cross>
  at::Tensor run(at::Tensor tokens, double dropout_rate, const Self& self, const Cross& cross) const;

  TransformerConfig config_;
  std::shared_ptr<FusedSelfAttention> self_attention_;
  std::shared_ptr<CrossAttention> cross_attention_;
  TransformerFeedForward feed_forward_;
  std::shared_ptr<LayerNormLayer> norm1_, norm2_, norm3_;
};

}  // namespace timetrial
