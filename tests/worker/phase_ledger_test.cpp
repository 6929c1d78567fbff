#include "harness/worker/phase_ledger.h"

#include <random>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(PhaseLedger, GivesEachMomentToOnePhase) {
  PhaseLedger ledger(100.0);
  ledger.enter(Phase::submission, 101.0);
  ledger.enter(Phase::evaluation, 104.0);
  ledger.enter(Phase::submission, 104.5);
  const ClockParts parts = ledger.parts(106.0);
  EXPECT_DOUBLE_EQ(parts.startup, 1.0);
  EXPECT_DOUBLE_EQ(parts.submission, 4.5);
  EXPECT_DOUBLE_EQ(parts.evaluation, 0.5);
  EXPECT_DOUBLE_EQ(parts.residual, 0.0);
  EXPECT_DOUBLE_EQ(parts.wall, 6.0);
}

TEST(PhaseLedger, PartsSumToTheWallTimeWhateverHappens) {
  std::mt19937 random(1);
  double now = 0;
  PhaseLedger ledger(now);
  for (int i = 0; i < 1000; ++i) {
    now += std::uniform_real_distribution<double>(0, 1)(random);
    ledger.enter(static_cast<Phase>(random() % 6), now);
    const ClockParts parts = ledger.parts(now);
    const double sum = parts.startup + parts.submission + parts.evaluation + parts.logging +
                       parts.checkpoint + parts.residual;
    ASSERT_NEAR(sum, parts.wall, 1e-9 * (1 + parts.wall));
  }
}

}  // namespace
}  // namespace timetrial
