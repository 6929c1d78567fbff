#pragma once

// One recorded seed per trial; everything random in it starts from a seed derived here.

#include <cstdint>

namespace timetrial {

struct TrialSeeds {
  uint64_t model;       // initial weights
  uint64_t data;        // order of examples
  uint64_t training;    // dropout and the like
  uint64_t submission;  // the submission's own
};

// SplitMix64 (Steele, Lea, Flood 2014): one output per use.
constexpr uint64_t split_mix(uint64_t seed, uint64_t use) {
  uint64_t z = seed + (use + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

constexpr TrialSeeds derive_seeds(uint64_t trial_seed) {
  return {split_mix(trial_seed, 0), split_mix(trial_seed, 1), split_mix(trial_seed, 2),
          split_mix(trial_seed, 3)};
}

}  // namespace timetrial
