#pragma once

#include <cstdint>
#include <string>

namespace timetrial {

inline constexpr double kWmtNormEpsilon = 1e-6;

struct TransformerConfig {
  int64_t vocabulary = 32000;  // pieces, shared by both languages
  int64_t longest = 256;       // tokens of a row, and of a sentence with its end
  int64_t width = 1024;
  int64_t heads = 16;
  int64_t hidden = 1024;  // width of the feed-forward layers
  int64_t depth = 6;      // layers of the encoder, and as many of the decoder
  double attention_temperature = 1;
  bool post_norm = false;  // normalisation after the residual sum, and none at the end
  bool tanh_glu = false;   // tanh instead of ReLU, times a gate on the block's input
  double default_dropout = 0.1;
};

// The configuration of a tier ("mini" or not) and variant ("", "post_ln", "attention_temp", "glu_tanh").
// Throws UserError for another variant.
TransformerConfig transformer_config(bool mini, const std::string& variant);

}  // namespace timetrial
