#pragma once

// How well predicted times put configurations of one program into the order of the measured ones. The metrics
// of TpuGraphs (arXiv 2308.13490): pure functions; a smaller time is better; predictions may be on any scale.

#include <cstdint>
#include <span>

namespace timetrial {

// What was measured can differ by noise alone: a pair counts when the slower of the two takes more than
// (1 + resolution) times as long as the faster one. 0: all pairs of different times.
struct OrderedPairs {
  int64_t right = 0;  // predicted in the measured order; equal predictions are not
  int64_t all = 0;

  double accuracy() const;  // right / all; 1 where there is nothing to order
};

// One prediction a measurement; both are finite. Throws std::logic_error for lists of different lengths, like
// the functions below. O(n²).
OrderedPairs ordered_pairs(std::span<const float> predicted, std::span<const double> measured,
                           double resolution = 0);

// Kendall's tau-b: 1 for the same order, -1 for the reverse; 0 where all of one list are equal. O(n²).
double kendall_tau(std::span<const double> predicted, std::span<const double> measured);

// How much slower the best of the `k` configurations that are predicted to be fastest is than the best of
// all: best of k / best - 1. Of equal predictions the first comes first.
double top_k_slowdown(std::span<const float> predicted, std::span<const double> measured, int64_t k);

}  // namespace timetrial
