#pragma once

// The language model of AlgoPerf's finewebedu_lm: a decoder of pre-normalised blocks over an embedding that
// also makes the logits. Parameters embed_tokens.weight, layers.<i>.…, out_norm.weight; nothing has a bias.

#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "workloads/finewebedu_lm/decoder_block.h"
#include "workloads/layers/tied_embedding.h"

namespace timetrial {

class Decoder : public torch::nn::Module {
 public:
  // Weights are normal with deviation 0.02, those that write into the residual stream 0.02 / sqrt(2 layers).
  Decoder(const DecoderConfig& config, const at::TensorOptions& options, const at::Generator& generator);

  // [batch, tokens] int64, at most `context` tokens, on the model's device -> logits [batch, tokens,
  // vocabulary]
  at::Tensor forward(const at::Tensor& tokens) const;

 private:
  RotaryTable rotary_;  // no buffer, as it follows from the sizes
  std::shared_ptr<TiedEmbedding> embedding_;
  std::vector<std::shared_ptr<DecoderBlock>> blocks_;
  std::shared_ptr<RmsNormLayer> norm_;
};

}  // namespace timetrial
