#include "harness/worker/timed_step.h"

#include <gtest/gtest.h>

#include "harness/worker/empty_session.h"
#include "harness/worker/timer_overhead.h"

namespace timetrial {
namespace {

// Every mark takes a tenth of a second; waiting for the device is counted.
class ScriptedDevice final : public Device {
 public:
  c10::Device torch_device() const override { return c10::Device(c10::kCPU); }
  void start_segment() override { seconds_ = 0; }
  void mark() override { seconds_ += 0.1; }
  double resolved_seconds() override { return seconds_; }
  double drain() override {
    ++drains;
    mark();
    return seconds_;
  }
  bool can_record() const override { return false; }
  std::unique_ptr<RecordedWork> record(const std::function<void()>& /*work*/) override { return nullptr; }
  at::Tensor ready_to_copy(at::Tensor values) const override { return values; }
  int64_t peak_memory_bytes() const override { return 0; }
  std::map<std::string, std::string> describe() const override { return {}; }

  int drains = 0;

 private:
  double seconds_ = 0;
};

class TimedStep : public ::testing::Test {
 protected:
  void run_steps(ClockMode clock, int steps) {
    Watchdog watchdog(60, nullptr, [](const char*, double) {});
    EmptySession session(watchdog);
    TrialBudget budget({100, 100, 0, StopRule::never}, {0, true, false, false});
    device_.start_segment();
    for (int i = 0; i < steps; ++i) timed_step(session, device_, watchdog, budget, surroundings_, clock, 5.0);
    EXPECT_EQ(watchdog.step(), steps);
  }

  ScriptedDevice device_;
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

}  // namespace
}  // namespace timetrial
