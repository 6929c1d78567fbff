#include "synthetic_leaderboard.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gaussian_stream.h"
#include "results/scoring/special_values.h"
#include "results/uncertainty/quantile_tables.h"

namespace timetrial {

namespace {

// How the log times of trials of one submission on one workload come about.
struct Source {
  double centre = 0;  // median of the log time of a trial that does not miss
  double spread = 0;
  double miss_chance = 0;
  double log_budget = kInfinity;
  std::size_t studies = 0;
};

// Median 0, standard deviation 1.
double noise(Tail tail, GaussianStream& random) {
  switch (tail) {
    case Tail::normal:
      return random.normal();
    case Tail::student_4:
      return random.normal() / std::sqrt(random.chi_square(4) / 4) / std::numbers::sqrt2;
    case Tail::gumbel: {
      const double median = -std::log(std::numbers::ln2);
      return (-std::log(-std::log(random.uniform())) - median) * std::sqrt(6.0) / std::numbers::pi;
    }
  }
  return 0;
}

// The median of a study's time: the fastest of `trials` normal times beats it with chance 1/2.
double true_time(const Source& source, std::size_t trials) {
  if (source.studies == 0) return std::numeric_limits<double>::quiet_NaN();
  if (source.miss_chance >= 0.5) return kInfinity;
  const double share = 1 - std::pow(0.5, 1 / static_cast<double>(trials));
  const double shift =
      trials == 1 && source.miss_chance == 0 ? 0 : normal_quantile(share / (1 - source.miss_chance));
  const double log_time = source.centre + source.spread * shift;
  return log_time > source.log_budget ? kInfinity : std::exp(log_time);
}

std::string numbered(const std::string& prefix, std::size_t number) {
  return prefix + (number < 10 ? "0" : "") + std::to_string(number);
}

using Sources = std::map<std::string, std::map<std::string, Source>>;

Sources made_up_sources(const Scenario& scenario, GaussianStream& random) {
  Sources sources;
  std::vector<double> speed(scenario.submissions);
  for (double& value : speed) value = scenario.between * random.normal();
  for (std::size_t w = 0; w < scenario.workloads; ++w) {
    const double base = 6 + 2 * random.uniform();
    for (std::size_t s = 0; s < scenario.submissions; ++s) {
      Source source{base + speed[s] + scenario.between_pairs * random.normal(), scenario.spread, 0, kInfinity,
                    scenario.studies};
      const int degrees = scenario.spread_degrees;
      if (degrees > 0) source.spread *= std::sqrt(degrees / random.chi_square(degrees));
      const double fate = random.uniform();
      const double chance = random.uniform();
      if (scenario.misses == Misses::random) source.miss_chance = fate < 0.15 ? 1 : fate < 0.3 ? chance : 0;
      if (scenario.misses == Misses::budget) {
        source.log_budget = base + scenario.between + scenario.between_pairs;
      }
      sources[numbered("s", s)][numbered("w", w)] = source;
    }
  }
  sources[numbered("s", 1)] = sources[numbered("s", 0)];
  return sources;
}

// With the residuals of pairs without a miss, over their pair's standard deviation.
Sources sources_like(const Score& score, std::size_t studies, std::vector<double>& residuals) {
  Sources sources;
  for (const auto& [submission, workloads] : score.studies) {
    for (const auto& [workload, times] : workloads) {
      std::vector<double> logs;
      for (const StudyTime& study : times) {
        if (std::isfinite(study.time)) logs.push_back(std::log(study.time));
      }
      const auto count = static_cast<double>(logs.size());
      Source source{0, 0.07, 1, kInfinity, times.empty() ? 0 : studies};
      if (!times.empty()) source.miss_chance = 1 - count / static_cast<double>(times.size());
      for (const double value : logs) source.centre += value / count;
      double squares = 0;
      for (const double value : logs) squares += std::pow(value - source.centre, 2);
      if (logs.size() > 1) source.spread = std::sqrt(squares / (count - 1));
      if (logs.size() == times.size() && squares > 0) {
        const double widening = source.spread * std::sqrt((count - 1) / count);
        for (const double value : logs) residuals.push_back((value - source.centre) / widening);
      }
      sources[submission][workload] = source;
    }
  }
  return sources;
}

std::pair<std::string, std::string> two_best(const Score& score) {
  std::vector<std::string> names = score.submissions;
  std::sort(names.begin(), names.end(), [&](const auto& a, const auto& b) {
    return *score.profile.scores.at(a) > *score.profile.scores.at(b);
  });
  return {names[0], names[1]};
}

}  // namespace

SyntheticLeaderboard synthetic_leaderboard(const Scenario& scenario, uint64_t seed) {
  GaussianStream random(seed);
  SyntheticLeaderboard board;
  Sources sources;
  std::vector<double> residuals;
  if (scenario.like != nullptr) {
    sources = sources_like(*scenario.like, scenario.studies, residuals);
    std::tie(board.twin, board.other_twin) = two_best(*scenario.like);
    sources[board.other_twin] = sources[board.twin];
    board.profile.base_workloads = scenario.like->base_workloads;
    board.profile.held_out.assign(scenario.like->workloads.begin() + std::ssize(board.profile.base_workloads),
                                  scenario.like->workloads.end());
  } else {
    sources = made_up_sources(scenario, random);
    board.twin = numbered("s", 0);
    board.other_twin = numbered("s", 1);
    for (std::size_t w = 0; w < scenario.workloads; ++w) {
      board.profile.base_workloads.push_back(numbered("w", w));
    }
  }
  StudyTimes times;
  for (const auto& [submission, workloads] : sources) {
    times[submission];
    for (const auto& [workload, source] : workloads) {
      const double truth = true_time(source, scenario.trials);
      if (std::isnan(truth)) continue;
      board.truth[submission][workload] = truth;
      for (std::size_t study = 0; study < source.studies; ++study) {
        std::vector<double> of_study;
        for (std::size_t trial = 0; trial < scenario.trials; ++trial) {
          const double deviation = scenario.resample && !residuals.empty()
                                       ? residuals[random.below(residuals.size())]
                                       : noise(scenario.tail, random);
          const double log_time = source.centre + source.spread * deviation;
          const bool misses = random.uniform() < source.miss_chance || log_time > source.log_budget;
          of_study.push_back(misses ? kInfinity : std::exp(log_time));
        }
        times[submission][workload].push_back(*std::min_element(of_study.begin(), of_study.end()));
        board.trials[submission][workload].push_back(std::move(of_study));
      }
    }
  }
  board.score = made_up_score(times, board.profile);
  board.true_profile = compute_profile(board.truth, board.profile);
  return board;
}

}  // namespace timetrial
