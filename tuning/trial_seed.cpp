#include "tuning/trial_seed.h"

#include "harness/random/split_mix.h"

namespace timetrial {

namespace {

constexpr int kSeedBits = 53;

}  // namespace

uint64_t mix_seed(uint64_t state) {
  return split_mix_bits(state + kSplitMixIncrement);
}

uint64_t mix_text(uint64_t state, std::string_view text) {
  for (const char letter : text) state = mix_seed(state ^ static_cast<unsigned char>(letter));
  return mix_seed(state ^ text.size());
}

uint64_t trial_seed(uint64_t plan_seed, std::string_view full_workload_name, int64_t study, int64_t trial) {
  uint64_t state = mix_text(mix_seed(plan_seed), full_workload_name);
  state = mix_seed(state ^ static_cast<uint64_t>(study));
  state = mix_seed(state ^ static_cast<uint64_t>(trial));
  return state >> (64 - kSeedBits);
}

}  // namespace timetrial
