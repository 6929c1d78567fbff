#pragma once

// Shuffles that depend on nothing but their arguments: the same on every machine, library and thread count.

#include <cstdint>
#include <vector>

namespace timetrial {

// A permutation of 0 .. count-1 (Fisher-Yates on SplitMix64), one of its own for every (seed, epoch).
std::vector<uint32_t> seeded_order(uint32_t count, uint64_t seed, int64_t epoch);

}  // namespace timetrial
