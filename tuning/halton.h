#pragma once

// AlgoPerf's quasi-random points: a Halton sequence with scrambled digits and a random shift, the first 100
// points left out, before the final shuffle (which the reference draws from an unseeded generator; ours is in
// study_plan.h). The points for N are the first N of the points for N + 1.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace timetrial {

// One base per dimension: the largest primes below 1000 except the very largest one (below 2000, 3000 … when
// there are more dimensions than that), ascending.
std::vector<uint32_t> halton_bases(std::size_t dimensions);

// What the generator of one base draws: the digits' permutation (0 stays 0), then the shift in [0, 1).
struct HaltonScramble {
  uint32_t base = 0;
  std::vector<uint32_t> permutation;
  double shift = 0;
};

HaltonScramble halton_scramble(uint32_t base);

// The radical inverse of `index` with permuted digits, least significant digit first, not shifted.
double scrambled_radical_inverse(uint64_t index, const HaltonScramble& scramble);

// `count` points in [0, 1)^dimensions, point by point.
std::vector<std::vector<double>> halton_points(std::size_t count, std::size_t dimensions);

}  // namespace timetrial
