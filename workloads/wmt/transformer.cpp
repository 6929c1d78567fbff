#include "workloads/wmt/transformer.h"

#include <cmath>

#include <ATen/ATen.h>

#include "workloads/layers/dropout.h"
#include "workloads/wmt/attention_masks.h"

namespace timetrial {
namespace {

constexpr double kTableDeviation = 1;

// Layers "0", "1" … and "norm" within owner.<name>.<name>, as the reference nests them.
template <typename Layer>
std::vector<std::shared_ptr<Layer>> add_layers(torch::nn::Module& owner, const std::string& name,
                                               const TransformerConfig& config,
                                               const at::TensorOptions& options,
                                               const at::Generator& generator,
                                               std::shared_ptr<LayerNormLayer>& norm) {
  const auto outer = owner.register_module(name, std::make_shared<torch::nn::Module>());
  const auto inner = outer->register_module(name, std::make_shared<torch::nn::Module>());
  const auto list = inner->register_module("layers", std::make_shared<torch::nn::Module>());
  std::vector<std::shared_ptr<Layer>> layers;
  for (int64_t i = 0; i < config.depth; ++i) {
    layers.push_back(
        list->register_module(std::to_string(i), std::make_shared<Layer>(config, options, generator)));
  }
  if (!config.post_norm) {
    norm = inner->register_module("norm",
                                  std::make_shared<LayerNormLayer>(config.width, kWmtNormEpsilon, options));
  }
  return layers;
}

at::Tensor normalised(const std::shared_ptr<LayerNormLayer>& norm, const at::Tensor& tokens) {
  return norm ? norm->forward(tokens) : tokens;
}

at::Tensor shifted_right(const at::Tensor& targets) {
  return at::cat(
      {at::zeros({targets.size(0), 1}, targets.options()), targets.narrow(1, 0, targets.size(1) - 1)}, 1);
}

}  // namespace

void DecoderCache::reorder_past(const at::Tensor& rows) {
  for (KeysValues& layer : past) {
    layer = {layer.keys.index_select(0, rows), layer.values.index_select(0, rows)};
  }
}

void DecoderCache::keep_sentences(const at::Tensor& sentences) {
  for (KeysValues& layer : memory) {
    layer = {layer.keys.index_select(0, sentences), layer.values.index_select(0, sentences)};
  }
  memory_mask = memory_mask.index_select(0, sentences);
}

Transformer::Transformer(const TransformerConfig& config, const at::TensorOptions& options,
                         const at::Generator& generator)
    : config_(config) {
  positions_ = register_module("pos_encoder",
                               std::make_shared<PositionEncoding>(config.longest, config.width, options));
  table_ = register_module(
      "shared_embedding",
      std::make_shared<TiedEmbedding>(config.vocabulary, config.width, kTableDeviation, options, generator));
  encoder_ = add_layers<TransformerEncoderLayer>(*this, "encoder", config, options, generator, encoder_norm_);
  decoder_ = add_layers<TransformerDecoderLayer>(*this, "decoder", config, options, generator, decoder_norm_);
}

at::Tensor Transformer::encode(const at::Tensor& tokens, const at::Tensor& mask, double dropout_rate) const {
  at::Tensor memory = tokens;
  for (const auto& layer : encoder_) memory = layer->forward(memory, mask, dropout_rate);
  return normalised(encoder_norm_, memory);
}

// Divides the hidden values by sqrt(width) instead of the logits, which are many more.
at::Tensor Transformer::logits(const at::Tensor& decoded) const {
  return table_->logits(normalised(decoder_norm_, decoded) / std::sqrt(static_cast<double>(config_.width)));
}

at::Tensor Transformer::forward(const Batch& batch, double dropout_rate) const {
  const auto embedded = [&](const at::Tensor& ids, const std::string& positions) {
    const at::Tensor places =
        batch.has(positions) ? positions_->at(batch.at(positions)) : positions_->first(ids.size(1));
    return drop(table_->look_up(ids) + places, dropout_rate);
  };
  const at::Tensor sources = embedded(batch.at("inputs"), "inputs_position");
  const AttentionMasks masks = attention_masks(batch, sources.scalar_type());
  const at::Tensor memory = encode(sources, masks.encoder, dropout_rate);
  at::Tensor tokens = embedded(shifted_right(batch.at("targets")), "targets_position");
  for (const auto& layer : decoder_) {
    tokens = layer->forward(tokens, memory, masks.decoder, masks.cross, dropout_rate);
  }
  return logits(tokens);
}

DecoderCache Transformer::start_decoding(const at::Tensor& sources) const {
  const at::Tensor tokens = table_->look_up(sources) + positions_->first(sources.size(1));
  DecoderCache cache;
  cache.memory_mask = source_mask(sources, tokens.scalar_type());
  const at::Tensor memory = encode(tokens, cache.memory_mask, 0);
  for (const auto& layer : decoder_) cache.memory.push_back(layer->keys_values(memory));
  cache.past.resize(decoder_.size());
  return cache;
}

at::Tensor Transformer::decode(const at::Tensor& tokens, DecoderCache& cache) const {
  ++cache.tokens;
  at::Tensor hidden =
      table_->look_up(tokens) + positions_->first(cache.tokens).narrow(1, cache.tokens - 1, 1);
  for (size_t i = 0; i < decoder_.size(); ++i) {
    hidden = decoder_[i]->step(hidden, cache.past[i], cache.memory[i], cache.memory_mask);
  }
  return logits(hidden);
}

}  // namespace timetrial
