#include "harness/worker/trial_budget.h"

#include <algorithm>
#include <limits>

namespace timetrial {

BudgetRules budget_rules(const TrialSpec& spec) {
  return {spec.budget_seconds, spec.evaluation_period_seconds, spec.max_steps, spec.stop_rule,
          spec.evaluation_period_steps};
}

TrialBudget::Next TrialBudget::after_step(int64_t step, double seconds, bool finished_by_submission) {
  if (seconds >= rules_.budget_seconds) {
    outcome_ = Outcome::budget_exhausted;
    return Next::stop;
  }
  finished_ = finished_by_submission;
  last_step_ = rules_.max_steps > 0 && step >= rules_.max_steps;
  return !state_.any_evaluation || period_over(step, seconds) || last_step_ || finished_ ? Next::evaluate
                                                                                         : Next::train;
}

bool TrialBudget::period_over(int64_t step, double seconds) const {
  if (rules_.evaluation_period_steps > 0) return step % rules_.evaluation_period_steps == 0;
  return seconds - state_.last_evaluation_seconds >= rules_.evaluation_period_seconds;
}

double TrialBudget::seconds_until_due(double seconds) const {
  if (!state_.any_evaluation) return 0;
  double due = rules_.budget_seconds;
  if (rules_.evaluation_period_steps == 0)
    due = std::min(due, state_.last_evaluation_seconds + rules_.evaluation_period_seconds);
  return due - seconds;
}

int64_t TrialBudget::steps_until_due(int64_t step) const {
  int64_t steps = std::numeric_limits<int64_t>::max();
  if (rules_.max_steps > 0) steps = std::max<int64_t>(rules_.max_steps - step, 1);
  if (const int64_t period = rules_.evaluation_period_steps; period > 0)
    steps = std::min(steps, period - step % period);
  return steps;
}

bool TrialBudget::may_evaluate(double seconds) {
  if (seconds < rules_.budget_seconds) return true;
  outcome_ = Outcome::budget_exhausted;
  return false;
}

void TrialBudget::evaluated(double seconds, bool validation_reached, bool test_reached) {
  state_.any_evaluation = true;
  state_.last_evaluation_seconds = seconds;
  state_.validation_reached |= validation_reached;
  state_.test_reached |= test_reached;
  if (targets_met())
    outcome_ = Outcome::target_reached;
  else if (finished_)
    outcome_ = Outcome::finished_by_submission;
  else if (last_step_)
    outcome_ = Outcome::step_limit;
}

bool TrialBudget::targets_met() const {
  switch (rules_.stop_rule) {
    case StopRule::validation_target:
      return state_.validation_reached;
    case StopRule::both_targets:
      return state_.validation_reached && state_.test_reached;
    case StopRule::never:
      break;
  }
  return false;
}

}  // namespace timetrial
