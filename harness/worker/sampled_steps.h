#pragma once

// Which steps are looked at closely: one in each block of kStepsPerSample, at a place within the block that
// the trial's seed draws, so that no period of a submission's own (an update of a preconditioner every 10
// steps …) falls on all of them or on none. A function of seed and step alone: a resumed trial samples the
// same steps.

#include <cstdint>

#include "harness/random/split_mix.h"

namespace timetrial {

inline constexpr int64_t kStepsPerSample = 16;

// The first sampled step that is not before `step`. `every`: steps in a block.
constexpr int64_t next_sampled_step(uint64_t seed, int64_t step, int64_t every = kStepsPerSample) {
  for (int64_t block = step / every;; ++block) {
    const uint64_t draw = split_mix_bits(seed + (static_cast<uint64_t>(block) + 1) * kSplitMixIncrement);
    const int64_t sampled = block * every + static_cast<int64_t>(draw % static_cast<uint64_t>(every));
    if (sampled >= step) return sampled;
  }
}

}  // namespace timetrial
