#pragma once

// Shuffles that depend on nothing but their arguments: the same on every machine, library and thread count.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace timetrial {

// A permutation of 0 .. count-1 (Fisher-Yates on SplitMix64), one of its own for every (seed, epoch).
std::vector<uint32_t> seeded_order(uint32_t count, uint64_t seed, int64_t epoch);

// Which of `count` training examples the train metrics come from: `wanted`, or all when there are fewer, in
// an order of no meaning; the same in every trial.
std::vector<uint32_t> train_evaluation_part(uint32_t count, std::size_t wanted);

}  // namespace timetrial
