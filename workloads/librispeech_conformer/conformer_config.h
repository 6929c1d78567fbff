#pragma once

#include <cstdint>
#include <string>

#include "workloads/librispeech/masked_batch_norm.h"
#include "workloads/librispeech/spectrum_augmentation.h"

namespace timetrial {

// Sizes and variant of the Conformer; the defaults are the benchmark's.
struct ConformerConfig {
  int64_t pieces = 1024;
  int64_t channels = 512;  // of the convolutions that subsample
  int64_t width = 512;
  int64_t heads = 8;
  int64_t blocks = 4;
  SpectrumMasks masks;
  double kept_statistics = kFullKeptStatistics;  // of a batch norm, in each training pass
  double attention_temperature = 1;  // variant "attention_temperature": 1.6, times what attention gives
  bool gelu = false;                 // variant "gelu" instead of SiLU
  bool post_norm = true;             // variant "layernorm" has no norm after each block
};

// The configuration of a tier and variant ("" for the base). Throws UserError for an unknown variant.
ConformerConfig conformer_config(bool mini, const std::string& variant);

}  // namespace timetrial
