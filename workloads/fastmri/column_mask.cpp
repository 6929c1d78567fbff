#include "workloads/fastmri/column_mask.h"

#include <algorithm>

#include "harness/random/split_mix.h"

namespace timetrial {
namespace {

constexpr float kCentreFraction = 0.08f;
constexpr float kAcceleration = 4.0f;

}  // namespace

std::vector<uint8_t> column_mask(int64_t columns, uint64_t seed) {
  const auto all = static_cast<float>(columns);
  const auto centre = static_cast<int64_t>(all * kCentreFraction);
  const auto kept = static_cast<float>(centre);
  const float probability = (all / kAcceleration - kept) / (all - kept);
  std::vector<uint8_t> mask(static_cast<size_t>(columns));
  uint64_t state = split_mix_bits(seed + kSplitMixIncrement);
  for (auto& column : mask) {
    // 24 bits: every value is a float32 in [0, 1).
    const float uniform = static_cast<float>(split_mix_bits(state += kSplitMixIncrement) >> 40) * 0x1p-24f;
    column = uniform < probability;
  }
  std::fill_n(mask.begin() + (columns - centre + 1) / 2, centre, uint8_t{1});
  return mask;
}

uint64_t MaskSeeds::of(int64_t slice) const {
  return by_slice ? split_mix_bits(split_mix_bits(seed + 1) + static_cast<uint64_t>(slice)) : seed;
}

}  // namespace timetrial
