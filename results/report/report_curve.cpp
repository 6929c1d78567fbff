#include "results/report/report_curve.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "results/scoring/time_to_target.h"

namespace timetrial {

std::vector<double> validation_values(const TrialResult& trial) {
  const std::string metric = "validation/" + trial.spec.target.metric;
  std::vector<double> values;
  for (const EvaluationRecord& evaluation : trial.evaluations) {
    const auto found = evaluation.metrics.find(metric);
    values.push_back(found == evaluation.metrics.end() ? std::numeric_limits<double>::quiet_NaN()
                                                       : found->second);
  }
  return values;
}

std::vector<std::size_t> drawn_evaluations(const TrialResult& trial, std::size_t most) {
  const std::size_t count = trial.evaluations.size();
  std::set<std::size_t> drawn;
  const std::size_t spread = std::min(count, std::max<std::size_t>(most, 2));
  for (std::size_t i = 0; i < spread; ++i) drawn.insert(spread == 1 ? 0 : i * (count - 1) / (spread - 1));
  const std::vector<double> values = validation_values(trial);
  const bool minimize = trial.spec.target.goal == MetricGoal::minimize;
  std::size_t best = count;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::isnan(values[i])) continue;
    if (best == count || (minimize ? values[i] < values[best] : values[i] > values[best])) best = i;
  }
  if (best < count) drawn.insert(best);
  if (const auto hit = first_hit(trial, trial.spec.target, TimeAxis::submission_seconds)) {
    drawn.insert(hit->evaluation);
  }
  return {drawn.begin(), drawn.end()};
}

double rounded_for_drawing(double value) {
  if (!std::isfinite(value)) return value;
  return std::strtod(fmt::format("{:.6g}", value).c_str(), nullptr);
}

}  // namespace timetrial
