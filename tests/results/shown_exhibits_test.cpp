#include "results/report/shown_exhibits.h"

#include <cmath>

#include <gtest/gtest.h>

#include "made_up_trials.h"
#include "results/scoring/special_values.h"

namespace timetrial {
namespace {

// A trial that ended at this accuracy, having been better before, and shows its own name.
TrialResult exhibiting(const MadeUpPlace& place, double accuracy) {
  TrialResult trial = made_up_trial(place, {{1, 0.97}, {2, accuracy}});
  trial.exhibits = {{20, "picture", "{\"trial\": " + std::to_string(place.trial) + "}"}};
  return trial;
}

TEST(ShownExhibits, AreOfTheTrialThatEndedBest) {
  const std::vector<TrialResult> trials = {
      exhibiting({"a", "mnist", 0, 0}, 0.5),   exhibiting({"a", "mnist", 0, 1}, 0.9),
      exhibiting({"a", "mnist", 0, 2}, 0.9),   exhibiting({"a", "mnist", 0, 3}, kNan),
      exhibiting({"a", "criteo1tb", 0, 0}, 0), exhibiting({"b", "mnist", 1, 0}, 0.1)};
  const ShownExhibitTable table = shown_exhibits(trials);
  ASSERT_EQ(table.size(), 2U);
  ASSERT_EQ(table.at("mnist").size(), 2U);
  EXPECT_EQ(table.at("mnist").at("a").trial, &trials[1]);  // the first of two equal ones
  EXPECT_EQ(table.at("mnist").at("a").value, 0.9);
  EXPECT_EQ(table.at("mnist").at("b").trial, &trials[5]);
  EXPECT_EQ(table.at("criteo1tb").at("a").trial, &trials[4]);
}

TEST(ShownExhibits, LessIsBetterWhereTheMetricSaysSo) {
  std::vector<TrialResult> trials = {exhibiting({"a", "mnist", 0, 0}, kNan),
                                     exhibiting({"a", "mnist", 0, 1}, 0.5),
                                     exhibiting({"a", "mnist", 0, 2}, 0.4)};
  for (TrialResult& trial : trials) trial.spec.target.goal = MetricGoal::minimize;
  EXPECT_EQ(shown_exhibits(trials).at("mnist").at("a").trial, &trials[2]);
  trials.resize(1);
  EXPECT_TRUE(std::isnan(shown_exhibits(trials).at("mnist").at("a").value));
}

TEST(ShownExhibits, LeaveOutTrialsWithoutOneAndTakeTheNewestOfATrial) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.99}}),
                                     exhibiting({"a", "mnist", 0, 1}, 0.5)};
  trials[1].exhibits.push_back({30, "picture", "{}"});
  const ShownExhibitTable table = shown_exhibits(trials);
  EXPECT_EQ(table.at("mnist").at("a").trial, &trials[1]);
  EXPECT_EQ(table.at("mnist").at("a").record().step, 30);
  trials.pop_back();
  EXPECT_TRUE(shown_exhibits(trials).empty());
}

}  // namespace
}  // namespace timetrial
