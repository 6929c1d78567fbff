#pragma once

// What an evaluation means for the trial: is a target reached, is it the best so far, who is to know.

#include <vector>

#include "harness/journal/record.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/trial_budget.h"
#include "harness/worker/watchdog.h"
#include "timetrial/step.h"

namespace timetrial {

class EvaluationLog {
 public:
  // All outlive this. `shown`: the evaluations that the submission sees.
  EvaluationLog(const MetricTarget& target, TrialBudget& budget, Watchdog& watchdog,
                std::vector<EvaluationResult>& shown);

  // The record is whole: its clock, its step, its metrics. Throws std::logic_error when the target's metric
  // is not among them.
  void note(const EvaluationRecord& record);

  double best() const { return best_; }  // validation value; NaN when there was none
  void restore(double best) { best_ = best; }

 private:
  const MetricTarget& target_;
  TrialBudget& budget_;
  Watchdog& watchdog_;
  std::vector<EvaluationResult>& shown_;
  double best_;
};

}  // namespace timetrial
