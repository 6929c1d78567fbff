#include "workloads/librispeech_deepspeech/deepspeech.h"

#include <string>

#include <ATen/ATen.h>

#include "workloads/layers/dropout.h"

namespace timetrial {
namespace {

constexpr double kNormEpsilon = 1e-6;

Activation activation_of(const DeepSpeechConfig& config) {
  return config.tanh ? Activation::tanh : Activation::relu;
}

std::shared_ptr<LayerNormLayer> offset_norm(const DeepSpeechConfig& config,
                                            const at::TensorOptions& options) {
  return std::make_shared<LayerNormLayer>(config.width, kNormEpsilon, options, ScaleStorage::offset_from_one);
}

}  // namespace

DeepSpeechLayer::DeepSpeechLayer(const DeepSpeechConfig& config, const at::TensorOptions& options) {
  if (config.layer_norm) {
    layer_norm_ = register_module("normalization_layer", offset_norm(config, options));
  } else {
    batch_norm_ = register_module(
        "bn_normalization_layer",
        std::make_shared<MaskedBatchNorm>(config.width, "weight", false, config.kept_statistics, options));
  }
}

at::Tensor DeepSpeechLayer::normalised(const at::Tensor& frames, const FrameMask& mask,
                                       const ForwardOptions& options) const {
  return layer_norm_ ? layer_norm_->forward(frames) : batch_norm_->forward(frames, mask, options);
}

RecurrentLayer::RecurrentLayer(const DeepSpeechConfig& config, const at::TensorOptions& options,
                               const at::Generator& generator)
    : DeepSpeechLayer(config, options),
      lstm_(register_module("lstm", std::make_shared<BidirectionalLstm>(config.width, options, generator))) {}

at::Tensor RecurrentLayer::forward(const at::Tensor& frames, const FrameMask& mask,
                                   const ForwardOptions& options) const {
  return lstm_->forward(normalised(frames, mask, options), mask);
}

DenseLayer::DenseLayer(const DeepSpeechConfig& config, const at::TensorOptions& options,
                       const at::Generator& generator)
    : DeepSpeechLayer(config, options),
      activation_(activation_of(config)),
      linear_(register_module("lin", std::make_shared<LinearLayer>(config.width, config.width, options))) {
  linear_->init_xavier(generator);
}

at::Tensor DenseLayer::forward(const at::Tensor& frames, const FrameMask& mask, const ForwardOptions& options,
                               double dropout_rate) const {
  const at::Tensor values = activate(activation_, linear_->forward(normalised(frames, mask, options)));
  return drop(mask.masked(values), dropout_rate);
}

DeepSpeech::DeepSpeech(const DeepSpeechConfig& config, const at::TensorOptions& options,
                       const at::Generator& generator)
    : SpeechModel(config.masks, options), residuals_(config.residuals) {
  const SubsamplingShape shape = {.channels = config.channels,
                                  .width = config.width,
                                  .activation = activation_of(config),
                                  .linear_name = "lin",
                                  .positions = false};
  subsampling_ = register_module("subsample", std::make_shared<Subsampling>(shape, options, generator));
  const auto recurrent = register_module("lstms", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < config.recurrent_layers; ++i) {
    recurrent_.push_back(recurrent->register_module(
        std::to_string(i), std::make_shared<RecurrentLayer>(config, options, generator)));
  }
  const auto dense = register_module("ffns", std::make_shared<torch::nn::Module>());
  for (int64_t i = 0; i < config.dense_layers; ++i) {
    dense_.push_back(
        dense->register_module(std::to_string(i), std::make_shared<DenseLayer>(config, options, generator)));
  }
  if (!config.layer_norm) norm_ = register_module("ln", offset_norm(config, options));
  output_ = register_module("lin", std::make_shared<LinearLayer>(config.width, config.pieces, options));
  output_->init_xavier(generator);
}

at::Tensor DeepSpeech::encode(const at::Tensor& features, const at::Tensor& paddings,
                              const ForwardOptions& options, double dropout_rate) const {
  const FrameMask mask(halved_paddings(halved_paddings(paddings)), features.options());
  at::Tensor frames = subsampling_->forward(features, paddings, dropout_rate);
  const auto add = [&](const at::Tensor& step) { frames = residuals_ ? frames + step : step; };
  for (const auto& layer : recurrent_) add(layer->forward(frames, mask, options));
  for (const auto& layer : dense_) add(layer->forward(frames, mask, options, dropout_rate));
  return output_->forward(norm_ ? norm_->forward(frames) : frames);
}

}  // namespace timetrial
