#pragma once

#include <cstdint>

#include "harness/random/split_mix.h"

namespace timetrial {

// Numbers that depend on a seed alone.
class SeededDraws {
 public:
  explicit SeededDraws(uint64_t seed) : state_(split_mix_bits(seed)) {}

  // From 0 to bound - 1; bound >= 1.
  uint32_t below(uint32_t bound) {
    const uint64_t bits = split_mix_bits(state_ += kSplitMixIncrement) >> 32;
    return static_cast<uint32_t>((bits * bound) >> 32);
  }

 private:
  uint64_t state_;
};

}  // namespace timetrial
