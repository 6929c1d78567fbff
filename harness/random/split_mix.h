#pragma once

// SplitMix64 (Steele, Lea, Flood 2014): the generator adds the increment to its state and returns the mixed
// state.

#include <cstdint>

namespace timetrial {

inline constexpr uint64_t kSplitMixIncrement = 0x9E3779B97F4A7C15ULL;

// A bijection of 64 bits in which every input bit reaches every output bit.
constexpr uint64_t split_mix_bits(uint64_t state) {
  state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ULL;
  state = (state ^ (state >> 27)) * 0x94D049BB133111EBULL;
  return state ^ (state >> 31);
}

}  // namespace timetrial
