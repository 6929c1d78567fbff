#include "results/report/time_spent.h"

#include <algorithm>
#include <cmath>

namespace timetrial {

namespace {

double known(double seconds) {
  return std::isfinite(seconds) ? std::max(seconds, 0.0) : 0.0;
}

bool has_clock(const TrialResult& trial) {
  return !trial.outcome.empty() && known(trial.outcome.front().clock.wall) > 0;
}

// What the evaluations say. Only logs with a wall time have a remainder.
ClockParts parts_of_last_evaluation(const EvaluationRecord& last) {
  ClockParts parts;
  parts.submission = known(last.submission_seconds);
  parts.evaluation = known(last.evaluation_seconds);
  parts.logging = known(last.logging_seconds);
  const double claimed = parts.submission + parts.evaluation + parts.logging;
  parts.wall = std::max(claimed, known(last.wall_seconds));
  parts.residual = parts.wall - claimed;
  return parts;
}

void add(ClockParts& sum, const ClockParts& parts) {
  sum.startup += known(parts.startup);
  sum.submission += known(parts.submission);
  sum.data_wait += known(parts.data_wait);
  sum.evaluation += known(parts.evaluation);
  sum.logging += known(parts.logging);
  sum.checkpoint += known(parts.checkpoint);
  sum.residual += known(parts.residual);
  sum.wall += known(parts.wall);
}

}  // namespace

TimeSpentTable time_spent(const std::vector<TrialResult>& trials) {
  TimeSpentTable table;
  for (const TrialResult& trial : trials) {
    if (!has_clock(trial) && trial.evaluations.empty()) continue;
    TimeSpent& spent = table[full_workload_name(trial.spec)][trial.spec.submission];
    ++spent.trials;
    if (has_clock(trial)) {
      add(spent.seconds, trial.outcome.front().clock);
    } else {
      ++spent.without_clock;
      add(spent.seconds, parts_of_last_evaluation(trial.evaluations.back()));
    }
  }
  return table;
}

}  // namespace timetrial
