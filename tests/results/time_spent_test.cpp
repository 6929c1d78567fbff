#include "results/report/time_spent.h"

#include <limits>

#include <gtest/gtest.h>

#include "made_up_trials.h"

namespace timetrial {
namespace {

TEST(TimeSpent, SumsTheClocksOfATrialsThatEnded) {
  const auto table = time_spent(
      {made_up_trial({"a", "mnist", 0, 0}, {{8, 0.95}}), made_up_trial({"a", "mnist", 0, 1}, {{4, 0.95}})});
  const TimeSpent& spent = table.at("mnist").at("a");
  EXPECT_EQ(spent.trials, 2);
  EXPECT_EQ(spent.without_clock, 0);
  EXPECT_EQ(spent.seconds.submission, 9);
  EXPECT_EQ(spent.seconds.data_wait, 3);
  EXPECT_EQ(spent.seconds.evaluation, 3);
  EXPECT_EQ(spent.seconds.startup, 1);
}

TEST(TimeSpent, WithoutAClockTheLastEvaluationTells) {
  TrialResult trial = made_up_trial({"a", "mnist"}, {{2, 0.5}, {8, 0.95}});
  trial.outcome.front().clock = {};
  trial.evaluations.back().evaluation_seconds = 5;
  trial.evaluations.back().logging_seconds = 1;
  trial.evaluations.back().wall_seconds = 16;
  const auto table = time_spent({trial});
  const TimeSpent& spent = table.at("mnist").at("a");
  EXPECT_EQ(spent.without_clock, 1);
  EXPECT_EQ(spent.seconds.submission, 8);
  EXPECT_EQ(spent.seconds.evaluation, 5);
  EXPECT_EQ(spent.seconds.logging, 1);
  EXPECT_EQ(spent.seconds.residual, 2);
}

TEST(TimeSpent, UnknownSecondsOfImportedLogsCountAsNone) {
  TrialResult trial = made_up_trial({"a", "mnist"}, {{8, 0.95}});
  trial.outcome.clear();
  trial.evaluations.back().evaluation_seconds = std::numeric_limits<double>::quiet_NaN();
  trial.evaluations.back().wall_seconds = std::numeric_limits<double>::quiet_NaN();
  const auto table = time_spent({trial});
  EXPECT_EQ(table.at("mnist").at("a").seconds.evaluation, 0);
  EXPECT_EQ(table.at("mnist").at("a").seconds.residual, 0);
}

TEST(TimeSpent, ATrialThatRecordedNothingTakesNoPart) {
  TrialResult trial = made_up_trial({"a", "mnist"}, {});
  trial.outcome.clear();
  EXPECT_TRUE(time_spent({trial}).empty());
}

}  // namespace
}  // namespace timetrial
