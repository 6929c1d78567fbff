#include "harness/controller/forecast.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TrialSpec planned(const std::string& submission, const std::string& workload, double budget_seconds = 1000) {
  TrialSpec spec;
  spec.submission = submission;
  spec.workload = workload;
  spec.tier = "mini";
  spec.hardware_class = "here";
  spec.ruleset = "demo";
  spec.budget_seconds = budget_seconds;
  return spec;
}

TrialCost measured(const std::string& submission, const std::string& workload, double seconds) {
  return {submission, workload, "mini", "here", "demo", 100, seconds, 1.5, 1000};
}

TEST(Forecast, OfNothingIsTheBudgetWhichIsAnUpperBound) {
  const Forecast all = forecast({planned("a", "x"), planned("a", "x"), planned("a", "y", 500)}, {}, 1);
  ASSERT_EQ(all.rows.size(), 2U);
  EXPECT_EQ(all.rows[0].basis, ForecastBasis::budget);
  EXPECT_EQ(all.rows[0].trials, 2);
  EXPECT_FALSE(all.rows[0].evaluations_counted);
  EXPECT_FALSE(all.rows[0].disk_bytes.has_value());
  EXPECT_EQ(all.device_seconds, 2500);
  EXPECT_EQ(all.wall_seconds, 2500);
}

TEST(Forecast, PrefersTheSubmissionsOwnTrials) {
  const std::vector<TrialCost> costs = {measured("a", "x", 100), measured("a", "x", 300),
                                        measured("b", "x", 900), measured("a", "y", 7)};
  const ForecastRow row = forecast({planned("a", "x")}, costs, 1).rows.at(0);
  EXPECT_EQ(row.basis, ForecastBasis::own_trials);
  EXPECT_EQ(row.measured_trials, 2);
  EXPECT_EQ(row.seconds_each, 200 * 1.5);
  EXPECT_TRUE(row.evaluations_counted);
  EXPECT_EQ(row.disk_bytes, 2 * 1000);
}

TEST(Forecast, TakesTrialsOfOthersForWhatNobodyKnowsOfIts) {
  const ForecastRow row = forecast({planned("new", "x")}, {measured("b", "x", 400)}, 1).rows.at(0);
  EXPECT_EQ(row.basis, ForecastBasis::other_trials);
  EXPECT_EQ(row.seconds_each, 600);
}

TEST(Forecast, OfAStepLimitComesFromTheTimeOfAStep) {
  TrialSpec spec = planned("a", "x");
  spec.ruleset = "demo+max-steps=50";
  spec.max_steps = 50;
  const ForecastRow row = forecast({spec}, {measured("a", "x", 100)}, 1).rows.at(0);
  EXPECT_EQ(row.basis, ForecastBasis::own_steps);
  EXPECT_EQ(row.seconds_each, 50 * 1.5);
  EXPECT_EQ(forecast({spec}, {measured("b", "x", 100)}, 1).rows.at(0).basis, ForecastBasis::other_steps);
}

TEST(Forecast, NeverIsAboveTheBudget) {
  const ForecastRow row = forecast({planned("a", "x", 10)}, {measured("a", "x", 100)}, 1).rows.at(0);
  EXPECT_EQ(row.seconds_each, 10 * 1.5);
}

TEST(Forecast, DoesNotTakeTrialsOfOtherMachinesOrTiersOrRules) {
  TrialCost elsewhere = measured("a", "x", 1);
  elsewhere.hardware_class = "there";
  TrialCost full = measured("a", "x", 1);
  full.tier = "full";
  TrialCost other_rules = measured("a", "x", 1);
  other_rules.ruleset = "demo+max-steps=1";
  const ForecastRow row = forecast({planned("a", "x")}, {elsewhere, full, other_rules}, 1).rows.at(0);
  EXPECT_EQ(row.basis, ForecastBasis::budget);
  EXPECT_EQ(row.seconds_each, 1000 * 1.5);  // what evaluations add is the same under any rules
}

TEST(Forecast, TrialsSideBySideEndWithTheLast) {
  EXPECT_EQ(seconds_side_by_side({}, 4), 0);
  EXPECT_EQ(seconds_side_by_side({5, 5, 5}, 1), 15);
  EXPECT_EQ(seconds_side_by_side({5, 1, 1, 1, 1, 1}, 2), 5);
  EXPECT_EQ(seconds_side_by_side({1, 1, 8}, 2), 9);
  EXPECT_THROW(seconds_side_by_side({1}, 0), std::invalid_argument);
}

}  // namespace
}  // namespace timetrial
