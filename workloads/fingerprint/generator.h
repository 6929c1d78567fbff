#pragma once

// The deterministic generator that fills parameters and inputs of a fingerprint: exact integer arithmetic on
// 32 bits, so that any program in any language makes the same values.

#include <cstdint>

namespace timetrial {

inline uint32_t generated_hash(uint32_t seed, uint64_t index) {
  uint32_t x = static_cast<uint32_t>(index) * 0x9E3779B1u + seed * 0x85EBCA77u + 0x165667B1u;
  x ^= x >> 16;
  x *= 0x7FEB352Du;
  x ^= x >> 15;
  x *= 0x846CA68Bu;
  x ^= x >> 16;
  return x;
}

// In [-1, 1), exact.
inline double generated_uniform(uint32_t seed, uint64_t index) {
  return generated_hash(seed, index) * 0x1p-31 - 1;
}

}  // namespace timetrial
