#include "plain_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gaussian_stream.h"
#include "results/scoring/profile_scorer.h"
#include "results/scoring/special_values.h"
#include "results/uncertainty/noise_interval.h"
#include "results/uncertainty/quantile_tables.h"
#include "results/uncertainty/score_replicates.h"
#include "results/uncertainty/time_replicates.h"

namespace timetrial {

namespace {

constexpr double kLevel = 0.95;

struct Cells {
  std::vector<CellEvidence> evidence;
  std::vector<const std::vector<std::vector<double>>*> trials;
};

Cells cells_of(const SyntheticLeaderboard& board) {
  Cells cells;
  for (const std::string& workload : board.score.workloads) {
    for (const std::string& submission : board.score.submissions) {
      std::vector<double> times;
      for (const StudyTime& study : board.score.studies.at(submission).at(workload))
        times.push_back(study.time);
      const std::optional<double>& reported = board.score.time_to_target.at(submission).at(workload);
      cells.evidence.push_back(evidence_of(times, reported.value_or(kNan)));
      cells.trials.push_back(reported ? &board.trials.at(submission).at(workload) : nullptr);
    }
  }
  return cells;
}

double resampled_median(const std::vector<std::vector<double>>& studies, bool trials,
                        GaussianStream& random) {
  std::vector<double> times;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    const std::vector<double>& study = studies[random.below(studies.size())];
    double best = std::numeric_limits<double>::infinity();
    for (const double time : study) best = std::min(best, trials ? study[random.below(study.size())] : time);
    times.push_back(best);
  }
  return median_of(times);
}

Interval bias_corrected(const std::vector<double>& sorted, double estimate) {
  const auto count = static_cast<double>(sorted.size());
  const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), estimate);
  const double below = static_cast<double>((low - sorted.begin()) + (high - sorted.begin())) / (2 * count);
  const double shift = 2 * normal_quantile(std::clamp(below, 0.5 / count, 1 - 0.5 / count));
  const double reach = normal_quantile((1 + kLevel) / 2);
  return {std::min(estimate, quantile_of(sorted, normal_probability(shift - reach))),
          std::max(estimate, quantile_of(sorted, normal_probability(shift + reach)))};
}

std::vector<double> sorted_row(const std::vector<double>& values, std::size_t row, std::size_t count) {
  std::vector<double> draws(values.begin() + static_cast<std::ptrdiff_t>(row * count),
                            values.begin() + static_cast<std::ptrdiff_t>((row + 1) * count));
  std::sort(draws.begin(), draws.end());
  return draws;
}

Uncertainty summarised(const SyntheticLeaderboard& board, const Cells& cells, const TimeReplicates& times,
                       bool correct) {
  Uncertainty found;
  const Score& score = board.score;
  const ProfileScorer scorer(score.submissions.size(), board.profile, std::nullopt);
  const ScoreReplicates scores = score_replicates(scorer, cells.evidence, times, score.profile.tau, true);
  for (std::size_t i = 0; i < cells.evidence.size(); ++i) {
    const double reported = cells.evidence[i].reported;
    if (std::isnan(reported)) continue;
    found.time_to_target[score.submissions[i % scorer.submissions()]]
                        [score.workloads[i / scorer.submissions()]] =
        percentile_interval(sorted_row(times.times, i, times.count), reported, kLevel);
  }
  for (std::size_t i = 0; i < scorer.submissions(); ++i) {
    const std::string& submission = score.submissions[i];
    const double estimate = *score.profile.scores.at(submission);
    const std::vector<double> draws = sorted_row(scores.scores, i, times.count);
    found.scores[submission] =
        correct ? bias_corrected(draws, estimate) : percentile_interval(draws, estimate, kLevel);
    found.ranks[submission] =
        percentile_interval(sorted_row(scores.ranks, i, times.count),
                            quantile_of(sorted_row(scores.ranks, i, times.count), 0.5), kLevel);
    for (std::size_t j = 0; j < scorer.submissions(); ++j) {
      double above = 0;
      for (std::size_t k = 0; k < times.count; ++k) {
        const double difference = scores.scores[i * times.count + k] - scores.scores[j * times.count + k];
        above += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
      }
      if (i != j) found.better[submission][score.submissions[j]] = above / static_cast<double>(times.count);
    }
  }
  return found;
}

UncertaintyMethod pooled(int64_t replicates, bool correct) {
  return [=](const SyntheticLeaderboard& board, uint64_t seed) {
    const Cells cells = cells_of(board);
    const auto times = draw_replicates(cells.evidence, static_cast<std::size_t>(replicates), seed);
    return summarised(board, cells, *times, correct);
  };
}

}  // namespace

UncertaintyMethod plain_bootstrap(bool trials, int64_t replicates) {
  return [=](const SyntheticLeaderboard& board, uint64_t seed) {
    GaussianStream random(seed);
    const Cells cells = cells_of(board);
    TimeReplicates times{static_cast<std::size_t>(replicates), {}};
    for (const auto* studies : cells.trials) {
      for (int64_t i = 0; i < replicates; ++i) {
        times.times.push_back(studies == nullptr ? kNan : resampled_median(*studies, trials, random));
      }
    }
    return summarised(board, cells, times, false);
  };
}

UncertaintyMethod pooled_percentiles(int64_t replicates) {
  return pooled(replicates, false);
}

UncertaintyMethod pooled_bias_corrected(int64_t replicates) {
  return pooled(replicates, true);
}

}  // namespace timetrial
