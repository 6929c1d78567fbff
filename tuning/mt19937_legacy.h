#pragma once

// NumPy's legacy RandomState, as far as AlgoPerf's Halton generator needs it: the same seed gives the same
// numbers, bit for bit. The generator underneath is the standard MT19937; what is NumPy's own is how words
// become integers below a bound, shuffles and doubles.

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace timetrial {

class LegacyRandomState {
 public:
  explicit LegacyRandomState(uint32_t seed) : generator_(seed) {}

  uint32_t next_word() { return static_cast<uint32_t>(generator_()); }

  // Uniform on [0, max], both ends included: words masked to the bits of max, rejected while above it.
  uint32_t interval(uint32_t max);

  // Uniform on [0, 1) with 53 random bits.
  double random_sample();

  // Fisher-Yates from the back, as RandomState.shuffle does on a list.
  template <typename T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i-- > 1;) {
      std::swap(values[i], values[interval(static_cast<uint32_t>(i))]);
    }
  }

 private:
  std::mt19937 generator_;
};

}  // namespace timetrial
