#pragma once

// How often intervals cover the truth, on synthetic leaderboards.

#include <cstdint>
#include <functional>
#include <string>

#include "results/uncertainty/uncertainty.h"
#include "synthetic_leaderboard.h"

namespace timetrial {

struct HitCount {
  int64_t hits = 0;
  int64_t cases = 0;
  void add(bool hit) {
    hits += hit;
    ++cases;
  }
  double value() const { return cases == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(cases); }
};

struct Coverage {
  HitCount times;  // of pairs with data
  HitCount scores;
  HitCount ranks;
  HitCount false_differences;  // between the two identical submissions
  double score_width = 0;      // mean
};

using UncertaintyMethod = std::function<Uncertainty(const SyntheticLeaderboard&, uint64_t seed)>;

// The product's own.
UncertaintyMethod pooled_method(int64_t replicates);

Coverage simulate_coverage(const Scenario& scenario, const UncertaintyMethod& method, int64_t leaderboards,
                           uint64_t seed);

}  // namespace timetrial
