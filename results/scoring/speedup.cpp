#include "results/scoring/speedup.h"

#include <cmath>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

// On the axis of steps a budget in seconds says nothing, and neither does a workload without one.
std::optional<double> time_or_budget(const Score& score, const std::string& submission,
                                     const std::string& workload) {
  const std::optional<double>& time = score.time_to_target.at(submission).at(workload);
  if (!time || !std::isinf(*time)) return time;
  const auto budget = score.budgets.find(workload);
  if (score.axis == TimeAxis::steps || budget == score.budgets.end()) return std::nullopt;
  return budget->second + 1;
}

}  // namespace

std::map<std::string, Speedup> speedups_over(const std::string& reference, const Score& score) {
  if (score.time_to_target.count(reference) == 0) {
    throw UserError({"the reference submission is not among those that are scored", "--reference", reference,
                     "name one that has trials"});
  }
  std::map<std::string, Speedup> speedups;
  for (const std::string& submission : score.submissions) {
    Speedup& speedup = speedups[submission];
    double sum_of_logs = 0;
    bool complete = true;
    for (const std::string& workload : score.base_workloads) {
      const std::optional<double> own = time_or_budget(score, submission, workload);
      const std::optional<double> of_reference = time_or_budget(score, reference, workload);
      std::optional<double>& ratio = speedup.by_workload[workload];
      if (own && of_reference && *own > 0) ratio = *of_reference / *own;
      complete = complete && ratio.has_value();
      if (ratio) sum_of_logs += std::log(*ratio);
    }
    if (complete) {
      speedup.geometric_mean = std::exp(sum_of_logs / static_cast<double>(score.base_workloads.size()));
    }
  }
  return speedups;
}

}  // namespace timetrial
