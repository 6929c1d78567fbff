#pragma once

// One recorded seed per trial; everything random in it starts from a seed derived here.

#include <cstdint>

#include "harness/random/split_mix.h"

namespace timetrial {

struct TrialSeeds {
  uint64_t model;         // initial weights
  uint64_t data;          // order of examples
  uint64_t training;      // dropout and the like
  uint64_t submission;    // the submission's own
  uint64_t step_samples;  // which steps are looked at closely
};

// One output of the generator per use.
constexpr uint64_t split_mix(uint64_t seed, uint64_t use) {
  return split_mix_bits(seed + (use + 1) * kSplitMixIncrement);
}

constexpr TrialSeeds derive_seeds(uint64_t trial_seed) {
  return {split_mix(trial_seed, 0), split_mix(trial_seed, 1), split_mix(trial_seed, 2),
          split_mix(trial_seed, 3), split_mix(trial_seed, 4)};
}

}  // namespace timetrial
