#include "workloads/finewebedu_lm/decoder.h"

#include <string>

#include <ATen/ATen.h>

namespace timetrial {
namespace {

constexpr double kRotaryBase = 500'000;

}  // namespace

Decoder::Decoder(const DecoderConfig& config, const at::TensorOptions& options,
                 const at::Generator& generator)
    : rotary_(rotary_table(config.context, config.head_size(), kRotaryBase, options.device())),
      embedding_(register_module(
          "embed_tokens", std::make_shared<TiedEmbedding>(config.vocabulary, config.width, kDecoderDeviation,
                                                          options, generator))) {
  const auto layers = register_module("layers", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < config.layers; ++i) {
    blocks_.push_back(layers->register_module(std::to_string(i),
                                              std::make_shared<DecoderBlock>(config, options, generator)));
  }
  norm_ = register_module("out_norm", std::make_shared<RmsNormLayer>(config.width, kDecoderEpsilon, options));
}

at::Tensor Decoder::forward(const at::Tensor& tokens) const {
  at::Tensor hidden = embedding_->look_up(tokens);
  for (const auto& block : blocks_) hidden = block->forward(hidden, rotary_);
  return embedding_->logits(norm_->forward(hidden));
}

}  // namespace timetrial
