#include "results/scoring/tuning_sensitivity.h"

#include <algorithm>
#include <cmath>

namespace timetrial {

namespace {

StudySpread spread_of(int64_t study, const std::vector<double>& times) {
  const auto [best, worst] = std::minmax_element(times.begin(), times.end());
  const auto hits =
      std::count_if(times.begin(), times.end(), [](double time) { return std::isfinite(time); });
  return {study, std::ssize(times), hits, *best, median_of(times), *worst};
}

// Chances that the fastest of `k` trials out of times.size(), drawn without replacement, is the first,
// second, … of the ascending `times`: C(n - i, k - 1) / C(n, k), by the ratio of neighbours.
std::vector<double> chances_of_being_best(std::size_t trials, std::size_t k) {
  std::vector<double> chances(trials);
  chances[0] = static_cast<double>(k) / static_cast<double>(trials);
  for (std::size_t i = 1; i + k <= trials; ++i) {
    const auto left = static_cast<double>(trials - i);
    chances[i] = chances[i - 1] * (left - static_cast<double>(k) + 1) / left;
  }
  return chances;
}

// The smallest value that at least half of the draws do not exceed, or, where exactly half of them stay below
// the next one, the middle of both: as the median of all draws.
double median_of_draws(const std::vector<double>& times, const std::vector<double>& chances) {
  constexpr double kRounding = 1e-12;
  double below = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    below += chances[i];
    if (below > 0.5 + kRounding) return times[i];
    if (below > 0.5 - kRounding) return (times[i] + times[i + 1]) / 2;
  }
  return times.back();
}

AfterTrials after_trials(const std::vector<double>& times, std::size_t k) {
  const std::vector<double> chances = chances_of_being_best(times.size(), k);
  AfterTrials after{static_cast<int64_t>(k), 0, std::nullopt, median_of_draws(times, chances)};
  double sum = 0;
  for (std::size_t i = 0; i < times.size() && std::isfinite(times[i]); ++i) {
    after.chance += chances[i];
    sum += chances[i] * times[i];
  }
  if (after.chance > 0) after.expected = sum / after.chance;
  after.chance = std::min(after.chance, 1.0);
  return after;
}

}  // namespace

TuningSensitivity tuning_sensitivity(const std::map<int64_t, std::vector<double>>& trial_times) {
  TuningSensitivity sensitivity;
  std::vector<double> all;
  std::size_t most = 0;
  for (const auto& [study, times] : trial_times) {
    if (times.empty()) continue;
    sensitivity.studies.push_back(spread_of(study, times));
    all.insert(all.end(), times.begin(), times.end());
    most = std::max(most, times.size());
  }
  std::sort(all.begin(), all.end());
  for (std::size_t k = 1; k <= most; ++k) sensitivity.after_trials.push_back(after_trials(all, k));
  return sensitivity;
}

SensitivityTable sensitivity_of(const Score& score) {
  SensitivityTable table;
  for (const auto& [submission, workloads] : score.trial_times) {
    for (const auto& [workload, studies] : workloads)
      table[submission][workload] = tuning_sensitivity(studies);
  }
  return table;
}

}  // namespace timetrial
