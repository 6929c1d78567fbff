#include "workloads/data/seeded_order.h"

#include <numeric>
#include <utility>

namespace timetrial {
namespace {

// SplitMix64 (Steele, Lea, Flood 2014).
uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ull;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBull;
  return value ^ (value >> 31);
}

class SplitMix {
 public:
  explicit SplitMix(uint64_t seed) : state_(seed) {}

  // Uniform in [0, bound) without bias: draws below the uneven rest of 2^64 are drawn again.
  uint64_t below(uint64_t bound) {
    const uint64_t rest = (0 - bound) % bound;
    for (;;) {
      const uint64_t draw = mix(state_ += kIncrement);
      if (draw >= rest) return draw % bound;
    }
  }

 private:
  static constexpr uint64_t kIncrement = 0x9E3779B97F4A7C15ull;
  uint64_t state_;
};

}  // namespace

std::vector<uint32_t> seeded_order(uint32_t count, uint64_t seed, int64_t epoch) {
  // The seed is mixed before the epoch is added, so that neighbouring (seed, epoch) pairs never meet.
  SplitMix random(mix(mix(seed + 1) + static_cast<uint64_t>(epoch)));
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (uint32_t last = count; last > 1; --last) {
    std::swap(order[last - 1], order[static_cast<uint32_t>(random.below(last))]);
  }
  return order;
}

}  // namespace timetrial
