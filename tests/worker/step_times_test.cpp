#include "harness/worker/step_times.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "harness/worker/empty_session.h"
#include "harness/worker/timed_step.h"
#include "scripted_device.h"

namespace timetrial {
namespace {

constexpr int64_t kEveryStep = 1;

double sum_of_parts(const StepTimesRecord& record) {
  return record.data_wait + record.host_to_device + record.forward + record.backward +
         record.gradient_averaging + record.update + record.residual;
}

// A step whose parts take known times, entered as TrainingSession does: `backward_passes` of them in an
// update.
class ScriptedSession {
 public:
  ScriptedSession(ScriptedDevice& device, StepTimes& times, int backward_passes)
      : device_(device), times_(times), backward_passes_(backward_passes) {}

  void advance(const StepSurroundings& /*surroundings*/) {
    device_.work(0.5);  // the harness
    {
      const InStepPart select_batch(times_, StepPart::update);
      device_.work(1);  // of the submission's own, before it takes the batch
      work(StepPart::data_wait, 2);
      device_.work(4);
    }
    work(StepPart::host_to_device, 8);
    {
      const InStepPart update(times_, StepPart::update);
      for (int pass = 0; pass < backward_passes_; ++pass) {
        work(StepPart::forward, 16);
        work(StepPart::backward, 32);
        device_.work(64);
      }
    }
    ++step_;
  }
  int64_t step() const { return step_; }
  bool finished_by_submission() const { return false; }
  StepTimes& step_times() { return times_; }

 private:
  void work(StepPart part, double seconds) {
    const InStepPart inside(times_, part);
    device_.work(seconds);
  }

  ScriptedDevice& device_;
  StepTimes& times_;
  int backward_passes_;
  int64_t step_ = 0;
};

class StepTimesTest : public ::testing::Test {
 protected:
  template <typename Session>
  void run(Session& session, int steps, ClockMode clock = ClockMode::sync_free) {
    Watchdog watchdog(60, nullptr, [](const char*, double) {});
    constexpr double kForever = std::numeric_limits<double>::infinity();
    TrialBudget budget({kForever, kForever, 0, StopRule::never}, {0, true, false, false});
    RankAgreement alone;
    StepSurroundings surroundings;
    device_.start_segment();
    for (int i = 0; i < steps; ++i)
      timed_step(session, device_, watchdog, budget, surroundings, clock, 0, alone);
  }

  ScriptedDevice device_{0.25};  // a mark takes that long: the harness's own time
};

TEST_F(StepTimesTest, GivesEachMomentOfAStepToOnePart) {
  StepTimes times(device_, 1, kEveryStep);
  ScriptedSession session(device_, times, 1);
  run(session, kUnsampledSteps + 10);
  EXPECT_EQ(times.record().sampled_steps, 9);  // however long a segment, stamps do not heap up
  times.resolve();
  const StepTimesRecord& record = times.record();
  EXPECT_EQ(record.sampled_steps, 10);
  EXPECT_EQ(record.data_wait, 20);
  EXPECT_EQ(record.host_to_device, 80);
  EXPECT_EQ(record.forward, 160);
  EXPECT_EQ(record.backward, 320);
  EXPECT_EQ(record.gradient_averaging, 0);
  EXPECT_EQ(record.update, 690);
  EXPECT_EQ(record.residual, 7.5);
  EXPECT_EQ(record.step, 1277.5);
}

TEST_F(StepTimesTest, TwoBackwardPassesInAStepAreBothCounted) {
  StepTimes times(device_, 1, kEveryStep);
  ScriptedSession session(device_, times, 2);
  run(session, kUnsampledSteps + 1);
  times.resolve();
  EXPECT_EQ(times.record().sampled_steps, 1);
  EXPECT_EQ(times.record().forward, 32);
  EXPECT_EQ(times.record().backward, 64);
  EXPECT_EQ(times.record().update, 5 + 128);
  EXPECT_EQ(times.record().step, sum_of_parts(times.record()));
}

TEST_F(StepTimesTest, StepsThatAreNotSampledTakeNoStamps) {
  StepTimes times(device_, 1);
  int64_t steps_with_stamps = 0;
  Watchdog watchdog(60, nullptr, [](const char*, double) {});
  EmptySession session(watchdog, times);
  TrialBudget budget({1e9, 1e9, 0, StopRule::never}, {0, true, false, false});
  StepSurroundings surroundings;
  RankAgreement alone;
  device_.start_segment();
  for (int64_t step = 0; step < 10 * kStepsPerSample; ++step) {
    const int before = device_.stamps;
    timed_step(session, device_, watchdog, budget, surroundings, ClockMode::sync_free, 0, alone);
    const bool sampled = step >= kUnsampledSteps && next_sampled_step(1, step) == step;
    EXPECT_EQ(device_.stamps > before, sampled) << step;
    steps_with_stamps += sampled;
  }
  times.resolve();
  EXPECT_EQ(times.record().sampled_steps, steps_with_stamps);
}

TEST_F(StepTimesTest, AResumedTrialWarmsUpAndThenSamplesTheSameSteps) {
  for (int64_t resumed_from = 0; resumed_from < 3 * kStepsPerSample; ++resumed_from) {
    StepTimes times(device_, 1);
    device_.start_segment();
    for (int64_t step = resumed_from; step < resumed_from + 100; ++step) {
      times.begin(step);
      ASSERT_EQ(times.sampling(),
                step >= resumed_from + kUnsampledSteps && next_sampled_step(1, step) == step);
      times.end();
    }
  }
}

TEST_F(StepTimesTest, NothingWaitsForTheDevice) {
  StepTimes times(device_, 1, kEveryStep);
  ScriptedSession session(device_, times, 1);
  device_.set_known_until(2 * 127.75 + kUnsampledSteps * 127.75);  // two sampled steps
  run(session, kUnsampledSteps + 5);
  times.resolve();
  EXPECT_EQ(device_.drains, 0);
  EXPECT_EQ(times.record().sampled_steps, 2);
  EXPECT_EQ(times.record().step, 2 * 127.75);
  device_.drain();
  times.resolve();
  EXPECT_EQ(times.record().sampled_steps, 5);
  EXPECT_EQ(times.record().step, 5 * 127.75);
}

TEST_F(StepTimesTest, AStepThatNeverEndsIsNotCounted) {
  StepTimes times(device_, 1, kEveryStep);
  device_.start_segment();
  for (int64_t step = 0; step <= kUnsampledSteps; ++step) times.begin(step);
  times.enter(StepPart::forward);
  device_.work(7);
  times.begin(kUnsampledSteps + 1);
  device_.work(2);
  times.end();
  times.resolve();
  EXPECT_EQ(times.record().sampled_steps, 1);
  EXPECT_EQ(times.record().step, 2);
  EXPECT_EQ(times.record().forward, 0);
}

TEST_F(StepTimesTest, PartsSumToTheStepWhateverHappens) {
  std::mt19937 random(1);
  StepTimes times(device_, 1, kEveryStep);
  device_.start_segment();
  const auto work = [&] { device_.work(std::uniform_real_distribution<double>(0, 1)(random)); };
  for (int64_t step = 0; step < 1000; ++step) {
    times.begin(step);
    for (auto i = random() % 9; i > 0; --i) {
      work();
      const InStepPart outer(times, static_cast<StepPart>(random() % kStepParts));
      work();
      const InStepPart inner(times, static_cast<StepPart>(random() % kStepParts));
      work();
    }
    work();
    times.end();
  }
  times.resolve();
  EXPECT_EQ(times.record().sampled_steps, 1000 - kUnsampledSteps);
  EXPECT_NEAR(sum_of_parts(times.record()), times.record().step, 1e-9 * times.record().step);
}

TEST(StepTimesOnTheCpu, AreReadOffTheSteadyClock) {
  const std::unique_ptr<Device> device = open_device("cpu");
  StepTimes times(*device, 1, kEveryStep);
  device->start_segment();
  const double begin = steady_seconds();
  for (int64_t step = 0; step < 100; ++step) {
    times.begin(step);
    const InStepPart part(times, StepPart::update);
    times.end();
  }
  const double wall = steady_seconds() - begin;
  times.resolve();
  EXPECT_EQ(times.record().sampled_steps, 100 - kUnsampledSteps);
  EXPECT_GT(times.record().step, 0);
  EXPECT_LT(times.record().step, wall);
}

}  // namespace
}  // namespace timetrial
