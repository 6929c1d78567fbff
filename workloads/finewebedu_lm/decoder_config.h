#pragma once

#include <cstdint>
#include <string>

namespace timetrial {

// Sizes of the decoder; the defaults are those of the full tier.
struct DecoderConfig {
  int64_t vocabulary = 50257;
  int64_t context = 1024;  // tokens that a run predicts
  int64_t width = 1024;
  int64_t layers = 12;
  int64_t heads = 8;

  int64_t head_size() const { return width / heads; }
  int64_t hidden() const;  // of the MLP: four times the width, rounded up to a multiple of 256
};

// The configuration of a tier. There are no variants: throws UserError for any but "".
DecoderConfig decoder_config(bool mini, const std::string& variant);

}  // namespace timetrial
