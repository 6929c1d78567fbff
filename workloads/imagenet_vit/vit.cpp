#include "workloads/imagenet_vit/vit.h"

#include <ATen/ATen.h>

#include "workloads/layers/dropout.h"
#include "workloads/layers/initial_values.h"
#include "workloads/layers/position_table.h"

namespace timetrial {

Vit::Vit(const VitConfig& config, const at::TensorOptions& options, const at::Generator& generator) {
  // In the order of the reference's parameters.
  pre_logits_ =
      register_module("pre_logits", std::make_shared<LinearLayer>(config.width, config.width, options));
  fill_lecun_normal(pre_logits_->weight(), generator);
  fill_constant(pre_logits_->bias(), 0);
  const ConvolutionShape patch = {
      .inputs = 3, .outputs = config.width, .kernel = config.patch, .stride = config.patch, .bias = true};
  patches_ = register_module("conv_patch_extract", std::make_shared<ConvolutionLayer>(patch, options));
  patches_->init_lecun(generator);
  const auto encoder = register_module("encoder", std::make_shared<torch::nn::Module>());
  const auto net = encoder->register_module("net", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < config.depth; ++i) {
    blocks_.push_back(
        net->register_module(std::to_string(i), std::make_shared<EncoderBlock>(config, options, generator)));
  }
  if (!config.post_norm) {
    final_norm_ = encoder->register_module(
        "encoder_norm", std::make_shared<LayerNormLayer>(config.width, kVitNormEpsilon, options));
  }
  head_ = register_module("head", std::make_shared<LinearLayer>(config.width, config.classes, options));
  fill_constant(head_->weight(), 0);
  fill_constant(head_->bias(), 0);
  if (config.attention_pool) {
    pool_ = register_module("map", std::make_shared<AttentionPool>(config, options, generator));
  }
}

at::Tensor Vit::tokens_of(const at::Tensor& images) {
  const at::Tensor patches = patches_->forward(images);  // [batch, width, rows, columns]
  if (patches.size(2) != rows_ || patches.size(3) != columns_) {
    rows_ = patches.size(2);
    columns_ = patches.size(3);
    positions_ = grid_positions(rows_, columns_, patches.size(1), patches.options());
  }
  // Free when the images lie channels-last in memory.
  return patches.flatten(2).transpose(1, 2).contiguous() + positions_;
}

at::Tensor Vit::forward(const at::Tensor& images, const ForwardOptions& options) {
  const double dropout_rate = options.mode == ForwardMode::train ? options.dropout_rate.value_or(0.0) : 0.0;
  at::Tensor tokens = drop(tokens_of(images), dropout_rate);
  for (const auto& block : blocks_) tokens = block->forward(tokens, dropout_rate);
  if (final_norm_) tokens = final_norm_->forward(tokens);
  const at::Tensor pooled = pool_ ? pool_->forward(tokens, dropout_rate) : tokens.mean(1);
  return head_->forward(at::tanh(pre_logits_->forward(pooled)));
}

}  // namespace timetrial
