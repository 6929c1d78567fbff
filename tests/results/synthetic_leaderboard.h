#pragma once

// Leaderboards with known truth: every study time is drawn from a distribution whose median is known, so the
// true times to target, scores and ranks are, too. The first two submissions are identical.

#include <cstdint>
#include <string>
#include <vector>

#include "made_up_score.h"
#include "results/scoring/score.h"

namespace timetrial {

enum class Tail { normal, student_4, gumbel };
// never; of some submissions on some workloads by chance; or because the budget ends.
enum class Misses { none, random, budget };

struct Scenario {
  std::string name;
  std::size_t submissions = 8;
  std::size_t workloads = 8;
  std::size_t studies = 5;
  std::size_t trials = 1;      // the fastest of them is the study's time
  double spread = 0.07;        // typical standard deviation of a log trial time
  int spread_degrees = 3;      // of the scaled inverse chi-square of the variances; 0 = all are the same
  double between = 0.3;        // standard deviation of the submissions' log speed, overall ...
  double between_pairs = 0.3;  // ... and besides on each workload
  Tail tail = Tail::normal;
  Misses misses = Misses::none;
  // Medians, spreads, misses and rules are those of this score instead; the two best submissions are
  // identical.
  const Score* like = nullptr;
  bool resample = false;  // with `like`: draw its standardised residuals instead of normal values
};

struct SyntheticLeaderboard {
  ProfileOptions profile;
  Score score;
  TimeTable truth;
  PerformanceProfile true_profile;
  std::string twin;  // identical to other_twin
  std::string other_twin;
  // submission -> workload -> study -> trial; infinity = missed.
  std::map<std::string, std::map<std::string, std::vector<std::vector<double>>>> trials;
};

SyntheticLeaderboard synthetic_leaderboard(const Scenario& scenario, uint64_t seed);

}  // namespace timetrial
