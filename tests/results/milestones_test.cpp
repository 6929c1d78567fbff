#include "results/scoring/milestones.h"

#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include "made_up_trials.h"
#include "results/scoring/scored_trial.h"
#include "results/scoring/special_values.h"

namespace timetrial {
namespace {

std::string packed(MetricGoal goal, const std::vector<double>& values) {
  MilestoneFinder finder(goal);
  for (std::size_t i = 0; i < values.size(); ++i) {
    finder.add(10 * static_cast<int64_t>(i + 1), static_cast<double>(i + 1), values[i]);
  }
  return pack_milestones(finder.milestones());
}

TEST(Milestones, AreStrictImprovementsAndCountEveryEvaluation) {
  MilestoneFinder finder(MetricGoal::minimize);
  for (const double value : {kNan, 3.0, 3.0, 4.0, 2.0, kNan, 1.0}) finder.add(1, 1, value);
  EXPECT_EQ(finder.evaluations(), 7);
  ASSERT_EQ(finder.milestones().size(), 3U);
  EXPECT_EQ(finder.milestones()[0].evaluation, 1);
  EXPECT_EQ(finder.milestones()[1].evaluation, 4);
  EXPECT_EQ(finder.milestones()[2].evaluation, 6);
}

TEST(Milestones, TheFirstToReachStandsWithinTheBudgetOrNotAtAll) {
  const std::string bytes = packed(MetricGoal::maximize, {0.1, 0.9, 0.95});
  const MetricTarget target = {"accuracy", MetricGoal::maximize, 0.9, 0.9};
  EXPECT_EQ(first_to_reach(bytes, target, kInfinity)->seconds, 2);
  EXPECT_EQ(first_to_reach(bytes, target, 2)->evaluation, 1);
  EXPECT_FALSE(first_to_reach(bytes, target, std::nextafter(2, 0)));
  EXPECT_FALSE(first_to_reach("", target, kInfinity));
  EXPECT_THROW(first_to_reach(bytes.substr(1), target, kInfinity), std::invalid_argument);
}

// Whatever curve, goal, target and budget: milestones tell the same first hit as the curve itself.
TEST(Milestones, TellTheSameHitAsTheWholeCurve) {
  std::mt19937 random(7);
  const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  for (int round = 0; round < 2000; ++round) {
    TrialResult trial = made_up_trial({}, {});
    MetricTarget target = trial.spec.target;
    target.goal = pick(2) == 0 ? MetricGoal::minimize : MetricGoal::maximize;
    target.validation = 0.1 * pick(10);
    std::vector<double> values;
    for (int i = pick(12); i > 0; --i) values.push_back(pick(6) == 0 ? kNan : 0.1 * pick(10));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto step = static_cast<int64_t>(i + 1);
      trial.evaluations.push_back(made_up_evaluation(10 * step, static_cast<double>(step), values[i]));
    }
    const double budget = pick(3) == 0 ? kInfinity : pick(12);
    const auto whole = first_hit(trial, target, TimeAxis::submission_seconds, budget);
    const auto brief = first_to_reach(packed(target.goal, values), target, budget);
    ASSERT_EQ(whole.has_value(), brief.has_value());
    if (!whole) continue;
    EXPECT_EQ(static_cast<int64_t>(whole->evaluation), brief->evaluation);
    EXPECT_EQ(whole->time, brief->seconds);
  }
}

}  // namespace
}  // namespace timetrial
