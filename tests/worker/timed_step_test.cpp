#include "harness/worker/timed_step.h"

#include <gtest/gtest.h>

#include "harness/worker/empty_session.h"
#include "harness/worker/harness_overhead.h"
#include "scripted_device.h"

namespace timetrial {
namespace {

class TimedStep : public ::testing::Test {
 protected:
  void run_steps(ClockMode clock, int steps) {
    Watchdog watchdog(60, nullptr, [](const char*, double) {});
    StepTimes step_times(device_, 0);
    EmptySession session(watchdog, step_times);
    TrialBudget budget({100, 100, 0, StopRule::never}, {0, true, false, false});
    RankAgreement alone;
    device_.start_segment();
    for (int i = 0; i < steps; ++i)
      timed_step(session, device_, watchdog, budget, surroundings_, clock, 5.0, alone);
    EXPECT_EQ(watchdog.step(), steps);
  }

  ScriptedDevice device_{0.1};  // a mark takes a tenth of a second
  StepSurroundings surroundings_;
};

TEST_F(TimedStep, SyncFreeClockNeverWaitsForTheDevice) {
  run_steps(ClockMode::sync_free, 7);
  EXPECT_EQ(device_.drains, 0);
  EXPECT_NEAR(surroundings_.clock.elapsed_seconds, 5.7, 1e-12);
}

TEST_F(TimedStep, PerStepClockWaitsEveryStep) {
  run_steps(ClockMode::per_step, 7);
  EXPECT_EQ(device_.drains, 7);
}

TEST(TimerOverhead, IsMeasured) {
  const std::unique_ptr<Device> device = open_device("cpu");
  const double seconds = measure_timer_overhead(*device, ClockMode::sync_free);
  EXPECT_GT(seconds, 0);
}

TEST(HarnessOverhead, QuantileIsAValueOfTheList) {
  EXPECT_EQ(quantile_of({3, 1, 2}, 0.5), 2);
  EXPECT_EQ(quantile_of({5, 4, 3, 2, 1}, 0.99), 4);
  EXPECT_EQ(quantile_of({7}, 0.99), 7);
}

}  // namespace
}  // namespace timetrial
