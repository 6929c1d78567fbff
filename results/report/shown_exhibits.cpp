#include "results/report/shown_exhibits.h"

#include <cmath>
#include <limits>

#include "results/report/report_curve.h"

namespace timetrial {

namespace {

double last_value(const TrialResult& trial) {
  const std::vector<double> values = validation_values(trial);
  return values.empty() ? std::numeric_limits<double>::quiet_NaN() : values.back();
}

bool is_better(double value, double other, MetricGoal goal) {
  if (std::isnan(value) || std::isnan(other)) return !std::isnan(value);
  return goal == MetricGoal::minimize ? value < other : value > other;
}

}  // namespace

ShownExhibitTable shown_exhibits(const std::vector<TrialResult>& trials) {
  ShownExhibitTable table;
  for (const TrialResult& trial : trials) {
    if (trial.exhibits.empty()) continue;
    const ShownExhibit candidate{&trial, last_value(trial)};
    auto& row = table[full_workload_name(trial.spec)];
    const auto [place, is_new] = row.try_emplace(trial.spec.submission, candidate);
    if (!is_new && is_better(candidate.value, place->second.value, trial.spec.target.goal))
      place->second = candidate;
  }
  return table;
}

}  // namespace timetrial
