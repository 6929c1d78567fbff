#include "workloads/data/seeded_order.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "harness/random/split_mix.h"

namespace timetrial {
namespace {

class SplitMix {
 public:
  explicit SplitMix(uint64_t seed) : state_(seed) {}

  // Uniform in [0, bound) without bias: draws below the uneven rest of 2^64 are drawn again.
  uint64_t below(uint64_t bound) {
    const uint64_t rest = (0 - bound) % bound;
    for (;;) {
      const uint64_t draw = split_mix_bits(state_ += kSplitMixIncrement);
      if (draw >= rest) return draw % bound;
    }
  }

 private:
  uint64_t state_;
};

}  // namespace

std::vector<uint32_t> seeded_order(uint32_t count, uint64_t seed, int64_t epoch) {
  // The seed is mixed before the epoch is added, so that neighbouring (seed, epoch) pairs never meet.
  SplitMix random(split_mix_bits(split_mix_bits(seed + 1) + static_cast<uint64_t>(epoch)));
  std::vector<uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (uint32_t last = count; last > 1; --last) {
    std::swap(order[last - 1], order[static_cast<uint32_t>(random.below(last))]);
  }
  return order;
}

std::vector<uint32_t> train_evaluation_part(uint32_t count, size_t wanted) {
  constexpr uint64_t kAnySeed = 0;
  std::vector<uint32_t> part = seeded_order(count, kAnySeed, 0);
  part.resize(std::min(part.size(), wanted));
  return part;
}

}  // namespace timetrial
