#pragma once

#include <cstdint>
#include <string>

#include "workloads/librispeech/masked_batch_norm.h"
#include "workloads/librispeech/spectrum_augmentation.h"

namespace timetrial {

// Sizes and variant of DeepSpeech; the defaults are the benchmark's.
struct DeepSpeechConfig {
  int64_t pieces = 1024;
  int64_t channels = 512;  // of the convolutions that subsample
  int64_t width = 512;
  int64_t recurrent_layers = 6;
  int64_t dense_layers = 3;
  SpectrumMasks masks;
  double kept_statistics = kFullKeptStatistics;  // of a batch norm, in each training pass
  bool tanh = false;                             // variant "tanh" instead of ReLU
  bool residuals = true;                         // not in variant "no_resnet"
  bool layer_norm = false;  // variant "norm_and_spec_aug": instead of batch norm, and none before the logits
};

// The configuration of a tier and variant ("" for the base). "norm_and_specaug" is another name of
// "norm_and_spec_aug". Throws UserError for an unknown variant.
DeepSpeechConfig deepspeech_config(bool mini, const std::string& variant);

}  // namespace timetrial
