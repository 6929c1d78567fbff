#include "coverage_simulation.h"

#include <cmath>

namespace timetrial {

namespace {

constexpr double kRounding = 1e-12;

bool covers(const std::optional<Interval>& interval, double truth) {
  return interval && truth >= interval->low - kRounding && truth <= interval->high + kRounding;
}

double true_rank(const PerformanceProfile& profile, double score) {
  double rank = 1;
  for (const auto& [submission, other] : profile.scores) rank += *other > score + kRounding ? 1 : 0;
  return rank;
}

}  // namespace

UncertaintyMethod pooled_method(int64_t replicates) {
  return [replicates](const SyntheticLeaderboard& board, uint64_t seed) {
    return estimate_uncertainty(board.score, board.profile, {.replicates = replicates, .seed = seed});
  };
}

Coverage simulate_coverage(const Scenario& scenario, const UncertaintyMethod& method, int64_t leaderboards,
                           uint64_t seed) {
  Coverage coverage;
  for (int64_t i = 0; i < leaderboards; ++i) {
    const uint64_t board_seed = 1'000'000 * seed + static_cast<uint64_t>(i);
    const SyntheticLeaderboard board = synthetic_leaderboard(scenario, board_seed);
    const Uncertainty found = method(board, board_seed);
    for (const auto& [submission, workloads] : board.truth) {
      for (const auto& [workload, truth] : workloads) {
        coverage.times.add(covers(found.time_to_target.at(submission).at(workload), *truth));
      }
    }
    for (const auto& [submission, truth] : board.true_profile.scores) {
      const std::optional<Interval>& interval = found.scores.at(submission);
      coverage.scores.add(covers(interval, *truth));
      if (interval) coverage.score_width += interval->high - interval->low;
      coverage.ranks.add(covers(found.ranks.at(submission), true_rank(board.true_profile, *truth)));
    }
    coverage.false_differences.add(!within_noise(found, board.twin, board.other_twin));
  }
  coverage.score_width /= static_cast<double>(std::max<int64_t>(coverage.scores.cases, 1));
  return coverage;
}

}  // namespace timetrial
