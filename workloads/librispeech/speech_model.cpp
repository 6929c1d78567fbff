#include "workloads/librispeech/speech_model.h"

#include <ATen/ATen.h>

namespace timetrial {

SpeechModel::SpeechModel(const SpectrumMasks& masks, const at::TensorOptions& options)
    : masks_(masks),
      options_(options),
      log_mel_(register_module("preprocessor", std::make_shared<LogMel>(options))) {}

at::Tensor SpeechModel::forward(const Batch& batch, const ForwardOptions& options) {
  const bool training = options.mode == ForwardMode::train;
  train(training);
  const at::Device device = options_.device();
  const at::Tensor& sample_paddings = batch.at("input_paddings");
  const at::Tensor ends = unpadded_lengths(sample_paddings).to(device, /*non_blocking=*/true).unsqueeze(1);
  at::Tensor audio = batch.at("inputs").to(device, /*non_blocking=*/true);
  audio = audio * at::arange(audio.size(1), ends.options()).lt(ends);
  at::Tensor features = log_mel_->forward(audio);
  const at::Tensor paddings = frame_paddings(sample_paddings);
  if (training && batch.has("mask_draws")) {
    features = mask_spectrum(features, unpadded_lengths(paddings).to(device, /*non_blocking=*/true),
                             batch.at("mask_draws").to(device, /*non_blocking=*/true), masks_);
  }
  const double dropout_rate = training ? options.dropout_rate.value_or(kSpeechDropout) : 0;
  return encode(features, paddings, options, dropout_rate);
}

at::Tensor logit_paddings_of(const at::Tensor& input_paddings) {
  return halved_paddings(halved_paddings(frame_paddings(input_paddings)));
}

}  // namespace timetrial
