#include "results/exchange/imported_records.h"

#include <gtest/gtest.h>

#include "problems.h"

namespace timetrial {
namespace {

EvaluationRecord at(int64_t step, double seconds, double validation = 1, double test = 1) {
  EvaluationRecord evaluation;
  evaluation.step = step;
  evaluation.submission_seconds = seconds;
  evaluation.metrics = {{"validation/loss", validation}, {"test/loss", test}};
  return evaluation;
}

TrialSpec spec() {
  TrialSpec made_up;
  made_up.target = {"loss", MetricGoal::minimize, 0.5, 0.6};
  made_up.budget_seconds = 100;
  made_up.evaluation_period_seconds = 10;
  return made_up;
}

std::optional<Outcome> outcome_of(std::vector<EvaluationRecord> evaluations) {
  ImportProblems problems;
  return concluded_outcome(imported_records({}, std::move(evaluations), "t", problems), spec());
}

TEST(ImportedRecords, StepsThatGoBackAreARestart) {
  ImportProblems problems;
  const auto records =
      imported_records({}, {at(10, 1), at(20, 2), at(30, 3), at(20, 2.5), at(40, 4)}, "t", problems);
  ASSERT_EQ(records.size(), 7U);
  const auto& resumed = std::get<StartRecord>(records[4]);
  EXPECT_EQ(resumed.attempt, 2);
  EXPECT_EQ(resumed.resumed_from_step, 10);  // the first stretch from step 20 on is run again
  EXPECT_EQ(resumed.resumed_at_seconds, 1);
  EXPECT_EQ(resumed.lost_seconds, 2);
  EXPECT_EQ(only(problems, ProblemKind::restart).detail, "step 20 follows step 30");
}

TEST(ImportedRecords, ARestartFromTheBeginningSupersedesAll) {
  ImportProblems problems;
  const auto records = imported_records({}, {at(10, 1), at(5, 0.5)}, "t", problems);
  EXPECT_EQ(std::get<StartRecord>(records[2]).resumed_from_step, -1);
}

TEST(ImportedRecords, TheSameStepAtAnEarlierTimeIsARestart) {
  ImportProblems problems;
  const auto records = imported_records({}, {at(10, 1), at(20, 3), at(20, 2)}, "t", problems);
  EXPECT_EQ(std::get<StartRecord>(records[3]).resumed_from_step, 10);
}

TEST(ImportedRecords, AClockThatGoesBackIsKept) {
  ImportProblems problems;
  const auto records = imported_records({}, {at(10, 3), at(20, 2)}, "t", problems);
  EXPECT_EQ(records.size(), 3U);
  EXPECT_EQ(only(problems, ProblemKind::clock_went_back).detail, "2 s at step 20 follow 3 s at step 10");
}

TEST(ImportedRecords, TheLastEvaluationMustCompleteBothTargets) {
  EXPECT_EQ(outcome_of({at(10, 1, 0.5, 1), at(20, 2, 1, 0.6)}), Outcome::target_reached);
  EXPECT_EQ(outcome_of({at(10, 1, 0.5, 0.6), at(20, 2, 0.5, 0.6)}), std::nullopt);
  EXPECT_EQ(outcome_of({at(10, 1, 0.5, 0.7)}), std::nullopt);
}

TEST(ImportedRecords, WithinOnePeriodOfTheBudgetItIsExhausted) {
  EXPECT_EQ(outcome_of({at(10, 90)}), Outcome::budget_exhausted);
  EXPECT_EQ(outcome_of({at(10, 89.9)}), std::nullopt);
  EXPECT_EQ(outcome_of({}), std::nullopt);
}

TEST(ImportedRecords, ASupersededStretchDecidesNothing) {
  EXPECT_EQ(outcome_of({at(10, 1), at(20, 95), at(15, 2)}), std::nullopt);
}

TEST(ImportedRecords, ThePartsOfTheClockSumToItsWall) {
  EvaluationRecord last = at(10, 5);
  last.evaluation_seconds = 2;
  last.logging_seconds = 1;
  last.wall_seconds = 10;
  const OutcomeRecord outcome = imported_outcome({StartRecord{}, last}, Outcome::budget_exhausted);
  EXPECT_EQ(outcome.clock.residual, 2);
  EXPECT_EQ(outcome.clock.wall, 10);
}

}  // namespace
}  // namespace timetrial
