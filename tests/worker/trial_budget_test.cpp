#include "harness/worker/trial_budget.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

using Next = TrialBudget::Next;

constexpr BudgetRules kRules{.budget_seconds = 10,
                             .evaluation_period_seconds = 2,
                             .max_steps = 0,
                             .stop_rule = StopRule::validation_target};

TrialBudget budget_after_first_evaluation(BudgetRules rules = kRules) {
  TrialBudget budget(rules);
  EXPECT_EQ(budget.after_step(1, 0.1, false), Next::evaluate);
  EXPECT_TRUE(budget.may_evaluate(0.1));
  budget.evaluated(0.1, false, false);
  return budget;
}

TEST(TrialBudget, EvaluatesAfterTheFirstStepThenEveryWholePeriod) {
  TrialBudget budget = budget_after_first_evaluation();
  EXPECT_EQ(budget.after_step(2, 2.0999, false), Next::train);
  EXPECT_EQ(budget.after_step(3, 2.1, false), Next::evaluate);
  // The period counts from the clock at the evaluation, prepare_for_eval included.
  budget.evaluated(2.5, false, false);
  EXPECT_EQ(budget.after_step(4, 4.4, false), Next::train);
  EXPECT_EQ(budget.after_step(5, 4.5, false), Next::evaluate);
}

TEST(TrialBudget, GivesNoLastEvaluationWhenTheBudgetIsUsedUp) {
  TrialBudget budget = budget_after_first_evaluation();
  EXPECT_EQ(budget.after_step(2, 10.0, false), Next::stop);
  EXPECT_EQ(budget.outcome(), Outcome::budget_exhausted);
}

TEST(TrialBudget, ChecksTheBudgetAgainAfterPrepareForEval) {
  TrialBudget budget = budget_after_first_evaluation();
  EXPECT_EQ(budget.after_step(2, 9.9, false), Next::evaluate);
  EXPECT_FALSE(budget.may_evaluate(10.0));
  EXPECT_EQ(budget.outcome(), Outcome::budget_exhausted);
}

TEST(TrialBudget, EvaluatesJustBelowTheBudget) {
  TrialBudget budget = budget_after_first_evaluation();
  EXPECT_EQ(budget.after_step(2, 9.9, false), Next::evaluate);
  EXPECT_TRUE(budget.may_evaluate(9.999));
  budget.evaluated(9.999, true, false);
  EXPECT_EQ(budget.outcome(), Outcome::target_reached);
}

TEST(TrialBudget, BothTargetsMayBeReachedAtDifferentEvaluations) {
  BudgetRules rules = kRules;
  rules.stop_rule = StopRule::both_targets;
  TrialBudget budget = budget_after_first_evaluation(rules);
  budget.after_step(2, 3, false);
  budget.evaluated(3, true, false);
  EXPECT_FALSE(budget.outcome().has_value());
  budget.after_step(3, 6, false);
  budget.evaluated(6, false, true);
  EXPECT_EQ(budget.outcome(), Outcome::target_reached);
}

TEST(TrialBudget, StepLimitEndsWithAnEvaluation) {
  BudgetRules rules = kRules;
  rules.max_steps = 2;
  TrialBudget budget = budget_after_first_evaluation(rules);
  EXPECT_EQ(budget.after_step(2, 0.2, false), Next::evaluate);
  EXPECT_TRUE(budget.may_evaluate(0.2));
  budget.evaluated(0.2, false, false);
  EXPECT_EQ(budget.outcome(), Outcome::step_limit);
}

TEST(TrialBudget, SubmissionMayEndItsTrainingWithALastEvaluation) {
  TrialBudget budget = budget_after_first_evaluation();
  EXPECT_EQ(budget.after_step(2, 0.2, true), Next::evaluate);
  budget.evaluated(0.2, false, false);
  EXPECT_EQ(budget.outcome(), Outcome::finished_by_submission);
}

TEST(TrialBudget, NeverStopsAtATargetWhenToldSo) {
  BudgetRules rules = kRules;
  rules.stop_rule = StopRule::never;
  TrialBudget budget = budget_after_first_evaluation(rules);
  budget.after_step(2, 3, false);
  budget.evaluated(3, true, true);
  EXPECT_FALSE(budget.outcome().has_value());
}

TEST(TrialBudget, APeriodInStepsTakesTheirMultiplesWhateverTheClockSays) {
  BudgetRules rules = kRules;
  rules.evaluation_period_steps = 5;
  TrialBudget budget = budget_after_first_evaluation(rules);
  EXPECT_EQ(budget.after_step(4, 9.5, false), Next::train);
  EXPECT_EQ(budget.after_step(5, 9.6, false), Next::evaluate);
  budget.evaluated(9.6, false, false);
  EXPECT_EQ(budget.after_step(6, 9.7, false), Next::train);
  // A resumed trial needs to know nothing of it.
  EXPECT_EQ(TrialBudget(rules, {0, true, false, false}).after_step(10, 0.1, false), Next::evaluate);
}

TEST(TrialBudget, TellsHowLongNothingWillBeDue) {
  const TrialBudget budget({100, 10, 50, StopRule::never}, {20, true, false, false});
  EXPECT_EQ(budget.seconds_until_due(23), 7);
  EXPECT_EQ(budget.steps_until_due(47), 3);
  EXPECT_EQ(budget.steps_until_due(50), 1);
  EXPECT_EQ(TrialBudget({100, 10, 0, StopRule::never}, {95, true, false, false}).seconds_until_due(96), 4);
  EXPECT_EQ(TrialBudget({100, 10, 0, StopRule::never}).seconds_until_due(0), 0);  // the first is due at once
  BudgetRules in_steps{100, 10, 50, StopRule::never};
  in_steps.evaluation_period_steps = 20;
  const TrialBudget stepwise(in_steps, {20, true, false, false});
  EXPECT_EQ(stepwise.seconds_until_due(23), 77);
  EXPECT_EQ(stepwise.steps_until_due(33), 7);
  EXPECT_EQ(stepwise.steps_until_due(40), 10);
}

TEST(TrialBudget, MayGiveUp) {
  TrialBudget budget = budget_after_first_evaluation();
  budget.give_up();
  EXPECT_EQ(budget.outcome(), Outcome::futile);
}

TEST(TrialBudget, GoesOnFromASavedState) {
  TrialBudget first = budget_after_first_evaluation();
  TrialBudget resumed(kRules, first.state());
  EXPECT_EQ(resumed.after_step(2, 2.0, false), Next::train);
  EXPECT_EQ(resumed.after_step(3, 2.1, false), Next::evaluate);
}

}  // namespace
}  // namespace timetrial
