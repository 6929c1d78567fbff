#pragma once

// The encoder-decoder Transformer of AlgoPerf's WMT workload: one table embeds both languages and makes the
// logits, which are divided by sqrt(width); positions are added, nothing is scaled by sqrt(width) at the
// input.

#include <memory>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "workloads/layers/tied_embedding.h"
#include "workloads/wmt/position_encoding.h"
#include "workloads/wmt/transformer_layers.h"

namespace timetrial {

// What decoding remembers of each sentence: its memory's keys and values in every layer, and the past of
// `beams` partial translations.
struct DecoderCache {
  std::vector<KeysValues> memory;  // a layer: [sentences, source length, width]
  std::vector<KeysValues> past;    // a layer: [sentences * beams, tokens so far, width]
  at::Tensor memory_mask;          // [sentences, 1, 1, source length]
  int64_t tokens = 0;              // decoded so far

  void reorder_past(const at::Tensor& rows);         // [sentences * beams] rows of the past to go on with
  void keep_sentences(const at::Tensor& sentences);  // of the memory alone
};

class Transformer : public torch::nn::Module {
 public:
  Transformer(const TransformerConfig& config, const at::TensorOptions& options,
              const at::Generator& generator);

  // "inputs" and "targets" [batch, length] int64, and, of packed rows, "inputs_position",
  // "inputs_segmentation", "targets_position", "targets_segmentation" of the same shapes; all on the model's
  // device. Logits [batch, length, vocabulary] of each target token given those before it: the targets are
  // shifted right by one over the row, 0 first.
  at::Tensor forward(const Batch& batch, double dropout_rate) const;

  // Decoding one token at a time, without gradients. Sources [sentences, length].
  DecoderCache start_decoding(const at::Tensor& sources) const;
  at::Tensor decode(const at::Tensor& tokens, DecoderCache& cache) const;  // [sentences, beams] ->
                                                                           // [sentences, beams, vocabulary]

 private:
  at::Tensor encode(const at::Tensor& tokens, const at::Tensor& mask, double dropout_rate) const;
  at::Tensor logits(const at::Tensor& decoded) const;  // [..., width] -> [..., vocabulary]

  TransformerConfig config_;
  std::shared_ptr<PositionEncoding> positions_;
  std::shared_ptr<TiedEmbedding> table_;
  std::vector<std::shared_ptr<TransformerEncoderLayer>> encoder_;
  std::vector<std::shared_ptr<TransformerDecoderLayer>> decoder_;
  std::shared_ptr<LayerNormLayer> encoder_norm_, decoder_norm_;  // none with post-norm
};

}  // namespace timetrial
