#include "results/uncertainty/uncertainty.h"

#include <algorithm>
#include <cmath>

#include "harness/errors/user_error.h"
#include "results/scoring/profile_scorer.h"
#include "results/scoring/special_values.h"
#include "results/uncertainty/noise_interval.h"
#include "results/uncertainty/score_replicates.h"
#include "results/uncertainty/time_replicates.h"

namespace timetrial {

namespace {

// Bounds the memory (80 MB) and the seconds that very large tables take.
constexpr std::size_t kMostDraws = 10'000'000;
constexpr int64_t kFewestReplicates = 200;
// Two submissions are told apart when the chance of the less likely order is below this share of its half of
// 1 - level: a reserve, so that identical ones stay below 1 - level with the draws' own chance included.
constexpr double kDifferenceReserve = 0.8;

void require_sensible(const UncertaintyOptions& options) {
  if (options.replicates < kFewestReplicates) {
    throw UserError({"too few replicates for an interval", "uncertainty", std::to_string(options.replicates),
                     "use at least " + std::to_string(kFewestReplicates)});
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw UserError({"the level of the intervals is not between 0 and 1", "uncertainty",
                     std::to_string(options.level), "use for example 0.95"});
  }
}

// Workload by workload, one submission after the other: the order that the scorer reads.
std::vector<CellEvidence> gather_evidence(const Score& score) {
  std::vector<CellEvidence> cells;
  for (const std::string& workload : score.workloads) {
    for (const std::string& submission : score.submissions) {
      std::vector<double> times;
      for (const StudyTime& study : score.studies.at(submission).at(workload)) times.push_back(study.time);
      const std::optional<double>& reported = score.time_to_target.at(submission).at(workload);
      cells.push_back(evidence_of(times, reported.value_or(kNan)));
    }
  }
  return cells;
}

std::vector<double> sorted_draws(const std::vector<double>& values, std::size_t row, std::size_t count) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * count);
  std::vector<double> draws(first, first + static_cast<std::ptrdiff_t>(count));
  std::sort(draws.begin(), draws.end());
  return draws;
}

// Chance that the first is larger, ties counted half.
double chance_above(const double* first, const double* second, std::size_t count) {
  std::size_t halves = 0;
  for (std::size_t i = 0; i < count; ++i) {
    halves += first[i] > second[i] ? 2U : static_cast<std::size_t>(!(first[i] < second[i]));
  }
  return static_cast<double>(halves) / static_cast<double>(2 * count);
}

// The histogram's values, each as often as it was counted.
std::vector<double> heights_of(const uint32_t* counts, std::size_t bases, std::size_t count) {
  std::vector<double> heights;
  heights.reserve(count);
  for (std::size_t within = 0; within <= bases; ++within) {
    heights.insert(heights.end(), counts[within], static_cast<double>(within) / static_cast<double>(bases));
  }
  return heights;
}

class Summary {
 public:
  Summary(const Score& score, const std::vector<CellEvidence>& cells, Uncertainty& uncertainty)
      : score_(score), cells_(cells), uncertainty_(uncertainty), level_(uncertainty.options.level) {}

  void add_times(const TimeReplicates& replicates) {
    std::size_t cell = 0;
    for (const std::string& workload : score_.workloads) {
      for (const std::string& submission : score_.submissions) {
        const std::size_t row = cell++;
        if (std::isnan(cells_[row].reported)) continue;
        uncertainty_.time_to_target[submission][workload] = percentile_interval(
            sorted_draws(replicates.times, row, replicates.count), cells_[row].reported, level_);
      }
    }
  }

  void add_scores(const ScoreReplicates& replicates) {
    for (std::size_t row = 0; row < score_.submissions.size(); ++row) {
      const std::string& submission = score_.submissions[row];
      const std::optional<double>& estimate = score_.profile.scores.at(submission);
      if (!estimate) continue;
      uncertainty_.scores[submission] =
          unbiased_interval(sorted_draws(replicates.scores, row, replicates.count), *estimate,
                            replicates.score_bias[row], level_);
      uncertainty_.ranks[submission] = percentile_interval(
          sorted_draws(replicates.ranks, row, replicates.count), rank_of(*estimate), level_);
    }
  }

  void add_profiles(const ScoreReplicates& replicates) {
    const std::size_t bases = score_.base_workloads.size();
    std::size_t place = 0;
    for (const std::string& submission : score_.submissions) {
      for (const double estimate : score_.profile.rho.at(submission)) {
        uncertainty_.rho[submission].push_back(height_interval(replicates.within.data() + place * (bases + 1),
                                                               bases, replicates.count, estimate,
                                                               replicates.rho_bias[place]));
        ++place;
      }
    }
  }

  void add_pairs(const ScoreReplicates& replicates) {
    const auto draws = [&](std::size_t row) { return replicates.scores.data() + row * replicates.count; };
    const std::vector<std::string>& names = score_.submissions;
    for (std::size_t a = 0; a < names.size(); ++a) {
      for (std::size_t b = a + 1; b < names.size(); ++b) {
        const double chance = chance_above(draws(a), draws(b), replicates.count);
        uncertainty_.better[names[a]][names[b]] = chance;
        uncertainty_.better[names[b]][names[a]] = 1 - chance;
      }
    }
  }

 private:
  double rank_of(double estimate) const {
    double rank = 1;
    for (const auto& [submission, score] : score_.profile.scores) rank += score && *score > estimate ? 1 : 0;
    return rank;
  }

  // A height is a whole number of workloads: the ends go outwards to the next one.
  Interval height_interval(const uint32_t* counts, std::size_t bases, std::size_t count, double estimate,
                           double bias) const {
    constexpr double kRounding = 1e-9;
    const auto steps = static_cast<double>(bases);
    const Interval found = unbiased_interval(heights_of(counts, bases, count), estimate, bias, level_);
    return {std::floor(found.low * steps + kRounding) / steps,
            std::ceil(found.high * steps - kRounding) / steps};
  }

  const Score& score_;
  const std::vector<CellEvidence>& cells_;
  Uncertainty& uncertainty_;
  double level_;
};

std::size_t replicates_for(std::size_t cells, const UncertaintyOptions& options) {
  const auto asked = static_cast<std::size_t>(options.replicates);
  return std::min(asked, std::max(kMostDraws / std::max<std::size_t>(cells, 1),
                                  static_cast<std::size_t>(kFewestReplicates)));
}

std::string pairs(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " pair" : " pairs") + " of submission and workload";
}

void note_basis(const std::vector<CellEvidence>& cells, std::vector<std::string>& notes) {
  std::size_t with_spread = 0;
  std::size_t single = 0;
  std::size_t missed = 0;
  for (const CellEvidence& cell : cells) {
    with_spread += cell.spread.degrees > 0;
    single += cell.hits() == 1;
    missed += cell.misses.studies > 0 && cell.hits() == 0;
  }
  notes.push_back("intervals: the spread between studies is pooled over " + pairs(with_spread) +
                  " with two or more times");
  if (with_spread < 4) notes.push_back("intervals: so few pairs say little about the spread between studies");
  if (single > 0) {
    notes.push_back("intervals: " + pairs(single) + " with a single time; the spread is that of the others");
  }
  if (missed > 0) {
    notes.push_back("intervals: " + pairs(missed) +
                    " without any time; taken to miss always, as nothing says how fast a hit would be");
  }
}

}  // namespace

Uncertainty estimate_uncertainty(const Score& score, const ProfileOptions& profile,
                                 const UncertaintyOptions& options) {
  require_sensible(options);
  Uncertainty uncertainty;
  uncertainty.options = options;
  for (const std::string& submission : score.submissions) {
    uncertainty.scores[submission] = std::nullopt;
    uncertainty.ranks[submission] = std::nullopt;
    for (const std::string& workload : score.workloads) {
      uncertainty.time_to_target[submission][workload] = std::nullopt;
    }
  }
  const std::vector<CellEvidence> cells = gather_evidence(score);
  const std::size_t count = replicates_for(cells.size(), options);
  const std::optional<TimeReplicates> times = draw_replicates(cells, count, options.seed);
  if (!times) {
    uncertainty.notes.push_back(
        "no intervals: at least two studies of some workload must reach the target to show a spread");
    return uncertainty;
  }
  note_basis(cells, uncertainty.notes);
  if (std::ssize(score.submissions) > 0 && count < static_cast<std::size_t>(options.replicates)) {
    uncertainty.notes.push_back("intervals: " + std::to_string(count) + " replicates instead of " +
                                std::to_string(options.replicates) + ", because the table is large");
  }
  uncertainty.options.replicates = static_cast<int64_t>(count);

  ProfileOptions scored = profile;
  scored.base_workloads = score.base_workloads;
  scored.held_out.assign(score.workloads.begin() + std::ssize(score.base_workloads), score.workloads.end());
  const ProfileScorer scorer(score.submissions.size(), scored, reference_row(score.submissions, scored));
  const ScoreReplicates scores =
      score_replicates(scorer, cells, *times, score.profile.tau, profile.tau_max.has_value());
  Summary summary(score, cells, uncertainty);
  summary.add_times(*times);
  summary.add_scores(scores);
  summary.add_profiles(scores);
  summary.add_pairs(scores);
  return uncertainty;
}

bool within_noise(const Uncertainty& uncertainty, const std::string& a, const std::string& b) {
  const auto row = uncertainty.better.find(a);
  if (row == uncertainty.better.end() || !row->second.count(b)) return true;
  const double chance = row->second.at(b);
  return std::min(chance, 1 - chance) > kDifferenceReserve * (1 - uncertainty.options.level) / 2;
}

}  // namespace timetrial
