#pragma once

// Random numbers for simulations, the same with every standard library.

#include <cmath>
#include <cstdint>
#include <numbers>

#include "harness/random/split_mix.h"

namespace timetrial {

class GaussianStream {
 public:
  explicit GaussianStream(uint64_t seed) : state_(split_mix_bits(seed ^ 0x5DEECE66DULL)) {}

  double uniform() {  // strictly between 0 and 1
    state_ += kSplitMixIncrement;
    return (static_cast<double>(split_mix_bits(state_) >> 12) + 0.5) * 0x1p-52;
  }
  double normal() {  // Box and Muller 1958
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  double chi_square(int degrees) {
    double sum = 0;
    for (int i = 0; i < degrees; ++i) sum += std::pow(normal(), 2);
    return sum;
  }
  std::size_t below(std::size_t limit) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(limit));
  }

 private:
  uint64_t state_;
};

}  // namespace timetrial
