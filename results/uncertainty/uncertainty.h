#pragma once

// How sure a score is: intervals on times to target, scores, ranks and profiles, and the chance that one
// submission beats another. Pure and seeded: equal input gives equal output on every machine.
// The method and how it was chosen: results/uncertainty/README.md.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/scoring/performance_profile.h"
#include "results/scoring/score.h"

namespace timetrial {

struct Interval {
  double low = 0;  // may be infinite: nothing of it excludes a miss
  double high = 0;
};

struct UncertaintyOptions {
  int64_t replicates = 1000;
  uint64_t seed = 1;
  double level = 0.95;
};

struct Uncertainty {
  UncertaintyOptions options;
  // Empty where the results say nothing about their spread (no workload has two studies with a finite time).
  std::map<std::string, std::map<std::string, std::optional<Interval>>> time_to_target;
  std::map<std::string, std::optional<Interval>> scores;
  std::map<std::string, std::optional<Interval>> ranks;  // 1 = best; equal scores share the better rank
  std::map<std::string, std::vector<Interval>> rho;      // pointwise, at the tau of the profile
  // better[a][b]: the chance that a's score is above b's, equal scores counted half.
  std::map<std::string, std::map<std::string, double>> better;
  // Why an interval is missing or what it rests on. Ready to print.
  std::vector<std::string> notes;
};

// `profile`: the options that `score` was computed with.
Uncertainty estimate_uncertainty(const Score& score, const ProfileOptions& profile,
                                 const UncertaintyOptions& options);

// True when the data do not tell a's score from b's at the level of the intervals.
bool within_noise(const Uncertainty& uncertainty, const std::string& a, const std::string& b);

}  // namespace timetrial
