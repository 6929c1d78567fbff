#include "harness/controller/forecast.h"

#include <algorithm>
#include <functional>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace timetrial {

namespace {

constexpr int64_t kCheckpointsKept = 2;  // by the worker, of each trial

using Costs = std::vector<const TrialCost*>;

bool is_comparable(const TrialSpec& spec, const TrialCost& cost) {
  return cost.workload == full_workload_name(spec) && cost.tier == spec.tier &&
         cost.hardware_class == spec.hardware_class;
}

Costs those(const Costs& costs, const std::function<bool(const TrialCost&)>& wanted) {
  Costs chosen;
  for (const TrialCost* cost : costs) {
    if (wanted(*cost)) chosen.push_back(cost);
  }
  return chosen;
}

// A sum over many trials is asked for, so it is the mean that counts.
double mean_of(const Costs& costs, const std::function<double(const TrialCost&)>& value) {
  double sum = 0;
  for (const TrialCost* cost : costs) sum += value(*cost);
  return sum / static_cast<double>(costs.size());
}

struct Estimate {
  ForecastBasis basis = ForecastBasis::budget;
  int64_t trials = 0;
  double submission_seconds = 0;
};

Estimate estimate_of(const TrialSpec& spec, const Costs& own, const Costs& others) {
  const auto under_same_rules = [&](const TrialCost& cost) { return cost.ruleset == spec.ruleset; };
  const auto has_steps = [](const TrialCost& cost) { return cost.steps > 0; };
  const auto seconds = [](const TrialCost& cost) { return cost.submission_seconds; };
  const auto per_step = [](const TrialCost& cost) {
    return cost.submission_seconds / static_cast<double>(cost.steps);
  };
  const std::tuple<const Costs&, ForecastBasis, ForecastBasis> sources[] = {
      {own, ForecastBasis::own_trials, ForecastBasis::own_steps},
      {others, ForecastBasis::other_trials, ForecastBasis::other_steps}};
  for (const auto& [costs, by_trials, by_steps] : sources) {
    if (const Costs alike = those(costs, under_same_rules); !alike.empty())
      return {by_trials, std::ssize(alike), std::min(spec.budget_seconds, mean_of(alike, seconds))};
    if (const Costs stepped = those(costs, has_steps); spec.max_steps > 0 && !stepped.empty()) {
      const double all = static_cast<double>(spec.max_steps) * mean_of(stepped, per_step);
      return {by_steps, std::ssize(stepped), std::min(spec.budget_seconds, all)};
    }
  }
  return {ForecastBasis::budget, 0, spec.budget_seconds};
}

std::optional<int64_t> checkpoint_bytes_of(const Costs& own, const Costs& others) {
  const auto wrote = [](const TrialCost& cost) { return cost.checkpoint_bytes > 0; };
  for (const Costs* costs : {&own, &others}) {
    int64_t largest = 0;
    for (const TrialCost* cost : those(*costs, wrote)) largest = std::max(largest, cost->checkpoint_bytes);
    if (largest > 0) return largest;
  }
  return std::nullopt;
}

ForecastRow row_of(const TrialSpec& spec, const std::vector<TrialCost>& costs) {
  Costs own;
  Costs others;
  for (const TrialCost& cost : costs) {
    if (is_comparable(spec, cost)) (cost.submission == spec.submission ? own : others).push_back(&cost);
  }
  ForecastRow row;
  row.submission = spec.submission;
  row.workload = full_workload_name(spec);
  const Estimate estimate = estimate_of(spec, own, others);
  row.basis = estimate.basis;
  row.measured_trials = estimate.trials;
  row.seconds_each = estimate.submission_seconds;
  const auto has_wall = [](const TrialCost& cost) { return cost.wall_per_second > 0; };
  for (const Costs* costs_of : {&own, &others}) {
    const Costs measured = those(*costs_of, has_wall);
    if (measured.empty()) continue;
    row.seconds_each *= mean_of(measured, [](const TrialCost& cost) { return cost.wall_per_second; });
    row.evaluations_counted = true;
    break;
  }
  if (const auto bytes = checkpoint_bytes_of(own, others)) row.disk_bytes = kCheckpointsKept * *bytes;
  return row;
}

}  // namespace

std::string to_string(ForecastBasis basis) {
  switch (basis) {
    case ForecastBasis::own_trials:
      return "its own trials";
    case ForecastBasis::own_steps:
      return "its own steps";
    case ForecastBasis::other_trials:
      return "others' trials";
    case ForecastBasis::other_steps:
      return "others' steps";
    case ForecastBasis::budget:
      break;
  }
  return "budget: an upper bound";
}

double seconds_side_by_side(const std::vector<double>& seconds, int64_t jobs) {
  if (jobs < 1) throw std::invalid_argument("at least one trial runs at a time");
  std::vector<double> free_at(static_cast<std::size_t>(jobs), 0);
  for (const double duration : seconds) *std::min_element(free_at.begin(), free_at.end()) += duration;
  return *std::max_element(free_at.begin(), free_at.end());
}

Forecast forecast(const std::vector<TrialSpec>& specs, const std::vector<TrialCost>& costs, int64_t jobs) {
  Forecast whole;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::vector<double> seconds;
  for (const TrialSpec& spec : specs) {
    const auto [place, is_new] =
        places.try_emplace({spec.submission, full_workload_name(spec)}, whole.rows.size());
    if (is_new) whole.rows.push_back(row_of(spec, costs));
    ++whole.rows[place->second].trials;
    seconds.push_back(whole.rows[place->second].seconds_each);
    whole.device_seconds += seconds.back();
  }
  for (ForecastRow& row : whole.rows) {
    if (!row.disk_bytes) continue;
    *row.disk_bytes *= row.trials;
    whole.disk_bytes += *row.disk_bytes;
  }
  whole.wall_seconds = seconds_side_by_side(seconds, jobs);
  return whole;
}

}  // namespace timetrial
