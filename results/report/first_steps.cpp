#include "results/report/first_steps.h"

#include "harness/journal/kernel_cache_facts.h"
#include "results/scoring/time_to_target.h"

namespace timetrial {

FirstStepsTable first_steps(const std::vector<TrialResult>& trials) {
  FirstStepsTable table;
  for (const TrialResult& trial : trials) {
    if (trial.starts.empty() || trial.evaluations.empty() || trial.evaluations.front().step != 1) continue;
    const auto& facts = trial.starts.front().provenance;
    const auto files = facts.find(kKernelCacheFiles);
    if (files == facts.end()) continue;
    FirstSteps& steps = table[full_workload_name(trial.spec)][trial.spec.submission];
    (files->second == "0" ? steps.cold : steps.warm).push_back(trial.evaluations.front().submission_seconds);
  }
  return table;
}

std::optional<double> saved_seconds(const FirstSteps& steps) {
  if (steps.cold.empty() || steps.warm.empty()) return std::nullopt;
  return median_of(steps.cold) - median_of(steps.warm);
}

}  // namespace timetrial
