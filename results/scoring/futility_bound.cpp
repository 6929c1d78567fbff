#include "results/scoring/futility_bound.h"

#include "results/scoring/scored_trial.h"

namespace timetrial {

std::optional<FutilityBound> futility_bound_of(const TrialResult& trial) {
  const std::optional<Hit> hit = first_hit(trial, trial.spec.target, TimeAxis::submission_seconds);
  if (!hit) return std::nullopt;
  return FutilityBound{static_cast<int64_t>(hit->evaluation), hit->time,
                       trial.evaluations[hit->evaluation].step};
}

}  // namespace timetrial
