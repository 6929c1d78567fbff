#pragma once

// When a trial evaluates and when it ends (rules.md, "The timed loop"): a pure state machine over steps and
// submission seconds. No clock is read here.

#include <cstdint>
#include <optional>

#include "harness/journal/record.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

struct BudgetRules {
  double budget_seconds = 0;
  double evaluation_period_seconds = 0;
  int64_t max_steps = 0;  // 0: no limit
  StopRule stop_rule = StopRule::both_targets;
  int64_t evaluation_period_steps = 0;  // not 0: counts instead of the seconds
};

// What a resumed trial must know of the evaluations before.
struct BudgetState {
  double last_evaluation_seconds = 0;
  bool any_evaluation = false;
  bool validation_reached = false;  // sticky
  bool test_reached = false;        // sticky
};

BudgetRules budget_rules(const TrialSpec& spec);

class TrialBudget {
 public:
  enum class Next { train, evaluate, stop };

  explicit TrialBudget(const BudgetRules& rules, const BudgetState& state = {})
      : rules_(rules), state_(state) {}

  // After a step. `step` counts finished steps. An evaluation is due after the first step, a whole period
  // after the last evaluation (of a period in steps: at its multiples), at the step limit and when the
  // submission has ended its training. Out of budget: stop, without a last evaluation.
  Next after_step(int64_t step, double seconds, bool finished_by_submission);

  // After prepare_for_eval, whose time counts: may the evaluation take place? If not, the trial has ended.
  bool may_evaluate(double seconds);

  void evaluated(double seconds, bool validation_reached, bool test_reached);

  // How long, and how many steps, nothing will be due: at most, for a submission may end its training at any
  // step.
  double seconds_until_due(double seconds) const;
  int64_t steps_until_due(int64_t step) const;

  // Ends a trial that has not reached its target and whose time could not count any more (futility.h).
  void give_up() { outcome_ = Outcome::futile; }

  std::optional<Outcome> outcome() const { return outcome_; }
  const BudgetState& state() const { return state_; }

 private:
  bool period_over(int64_t step, double seconds) const;
  bool targets_met() const;

  BudgetRules rules_;
  BudgetState state_;
  bool last_step_ = false;  // step limit
  bool finished_ = false;   // by the submission
  std::optional<Outcome> outcome_;
};

}  // namespace timetrial
