#pragma once

// Random numbers that belong to one example of one epoch, so that an augmentation does not depend on which
// thread makes it, or when.

#include <cmath>
#include <cstdint>

#include "harness/random/split_mix.h"

namespace timetrial {

class ExampleRandom {
 public:
  // Each number is mixed before the next is added, so that neighbouring triples share nothing.
  ExampleRandom(uint64_t seed, int64_t epoch, int64_t example)
      : state_(split_mix_bits(
            split_mix_bits(split_mix_bits(seed + kSplitMixIncrement) + static_cast<uint64_t>(epoch)) +
            static_cast<uint64_t>(example))) {}

  // In [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  // 0 .. bound - 1. The bias of the product is below bound / 2^53.
  int below(int bound) { return static_cast<int>(uniform() * bound); }

  bool coin() { return (next() >> 63) != 0; }

  // Beta(alpha, alpha) for alpha <= 1, by Jöhnk's method (1964).
  double beta(double alpha) {
    for (;;) {
      const double x = std::pow(uniform(), 1.0 / alpha);
      const double y = std::pow(uniform(), 1.0 / alpha);
      if (x + y <= 1.0 && x + y > 0.0) return x / (x + y);
    }
  }

 private:
  uint64_t next() { return split_mix_bits(state_ += kSplitMixIncrement); }

  uint64_t state_;
};

}  // namespace timetrial
