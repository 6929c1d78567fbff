#include "harness/worker/rank_agreement.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

constexpr double kFarOff = 1e6;

TEST(StepsUntilAgreement, FillTheTimeBetweenTwoAgreements) {
  EXPECT_EQ(steps_until_agreement(0.001, kFarOff), 100);
  EXPECT_EQ(steps_until_agreement(0.03, kFarOff), 3);
}

TEST(StepsUntilAgreement, AreOneAtLeast) {
  EXPECT_EQ(steps_until_agreement(2.0, kFarOff), 1);
  EXPECT_EQ(steps_until_agreement(0.01, 0), 1);
  EXPECT_EQ(steps_until_agreement(0.01, -3), 1);
  EXPECT_EQ(steps_until_agreement(0, kFarOff), 1);  // no step was timed yet
}

TEST(StepsUntilAgreement, EndBeforeSomethingIsDue) {
  EXPECT_EQ(steps_until_agreement(0.01, 0.055), 5);
}

TEST(RankAgreement, OfOneRankAgreesAtEveryStepAndAtOnce) {
  RankAgreement agreement;
  const TrialBudget budget({100, 10, 0, StopRule::never});
  EXPECT_EQ(agreement.after_step(1, 0.5, false, budget), 0.5);
  EXPECT_EQ(agreement.after_step(2, 0.6, false, budget), 0.6);
  EXPECT_FALSE(agreement.diverged());
  agreement.note(true, false);
  EXPECT_TRUE(agreement.diverged());
  EXPECT_FALSE(agreement.interrupted());
  agreement.note(false, true);
  EXPECT_TRUE(agreement.interrupted());
  EXPECT_EQ(agreement.slowest(0.25), 0.25);
}

}  // namespace
}  // namespace timetrial
