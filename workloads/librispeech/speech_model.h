#pragma once

#include <cstdint>
#include <memory>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "timetrial/model.h"
#include "workloads/librispeech/frame_paddings.h"
#include "workloads/librispeech/log_mel.h"
#include "workloads/librispeech/spectrum_augmentation.h"

namespace timetrial {

inline constexpr double kSpeechDropout = 0.1;

// What the two speech models share: audio -> log-mel frames -> masks of SpecAugment, in training only -> the
// network, which is the subclass. Child "preprocessor".
class SpeechModel : public torch::nn::Module {
 public:
  SpeechModel(const SpectrumMasks& masks, const at::TensorOptions& options);

  // A batch as in speech_batch.h, on any device -> logits [batch, frames / 4, pieces]. Masks are drawn by the
  // batch: without "mask_draws" there are none.
  at::Tensor forward(const Batch& batch, const ForwardOptions& options);

 protected:
  // Features [batch, frames, 80] with paddings [batch, frames] -> logits. Dropout rate 0 outside training.
  virtual at::Tensor encode(const at::Tensor& features, const at::Tensor& paddings,
                            const ForwardOptions& options, double dropout_rate) const = 0;

  const at::TensorOptions& tensor_options() const { return options_; }

 private:
  SpectrumMasks masks_;
  at::TensorOptions options_;
  std::shared_ptr<LogMel> log_mel_;
};

// Paddings of the logits of a batch with these "input_paddings", on their device: [batch, frames / 4].
at::Tensor logit_paddings_of(const at::Tensor& input_paddings);

}  // namespace timetrial
