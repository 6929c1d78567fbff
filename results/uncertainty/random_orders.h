#pragma once

// Random permutations that are the same on every machine: SplitMix64 and the shuffle of Fisher and Yates.

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "harness/random/split_mix.h"

namespace timetrial {

class RandomOrders {
 public:
  explicit RandomOrders(uint64_t seed) : state_(split_mix_bits(seed)) {}

  // Below `limit`, which is at most 2^32 (Lemire 2019, without the rejection step: the bias is below 2^-32).
  std::size_t below(std::size_t limit) {
    state_ += kSplitMixIncrement;
    return static_cast<std::size_t>(((split_mix_bits(state_) >> 32) * limit) >> 32);
  }

  template <typename Value>
  void shuffle(std::vector<Value>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
  }

  // A permutation of 0 … count - 1; valid until the next call.
  const std::vector<uint32_t>& next(std::size_t count) {
    if (order_.size() != count) {
      order_.resize(count);
      std::iota(order_.begin(), order_.end(), 0U);
    }
    shuffle(order_);
    return order_;
  }

 private:
  uint64_t state_;
  std::vector<uint32_t> order_;
};

}  // namespace timetrial
