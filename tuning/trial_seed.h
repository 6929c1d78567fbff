#pragma once

// Seeds derived from names and numbers, the same on every machine and in every process.

#include <cstdint>
#include <string_view>

namespace timetrial {

// One round of SplitMix64 (Steele, Lea, Flood 2014): a bijective mixer of 64 bits.
uint64_t mix_seed(uint64_t state);

// Chains a text into a seed, byte by byte, its length last ("ab" + "c" differs from "a" + "bc").
uint64_t mix_text(uint64_t state, std::string_view text);

// Depends on the plan's seed, the workload and the place of the trial; never on the submission. Below 2^53,
// so that JSON readers and SQLite hold it exactly.
uint64_t trial_seed(uint64_t plan_seed, std::string_view full_workload_name, int64_t study, int64_t trial);

}  // namespace timetrial
