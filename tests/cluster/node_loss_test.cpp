// What a cluster does to a trial that nobody has asked for.

#include <signal.h>

#include "slurm_fixture.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

// Longer than it takes to start the trial elsewhere.
constexpr int64_t kLostTrialSeconds = 15;

class DisturbedTrial : public SlurmSweep {
 protected:
  void SetUp() override {
    SlurmSweep::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_NO_FATAL_FAILURE(submit({"adamw"}, kLostTrialSeconds));
    trial_ = only_trial(results());
    ASSERT_NO_FATAL_FAILURE(wait_for_checkpoint(trial_));
    job_ = only_job();
  }

  // Once the job waits to start again, on another node: the one it was on would still refuse it.
  void start_again() {
    ASSERT_TRUE(patiently([&] {
      return cluster().ask({"squeue", "-h", "-j", job_, "-o", "%T"}).find("PENDING") != std::string::npos;
    })) << cluster().ask({"squeue"});
    cluster().start_now(job_);
  }

  std::filesystem::path trial_;
  std::string job_;
};

// SLURM starts the trial elsewhere while its first copy lives on, which is the worst there is.
TEST_F(DisturbedTrial, OfALostNodeGoesOnElsewhereAndItsFirstCopyEnds) {
  const std::string node = node_of(job_);
  cluster().lose_node(node);
  const std::vector<pid_t> first_copy = cluster().job_processes(node);
  ASSERT_FALSE(first_copy.empty()) << "nothing of the first copy lives on";
  ASSERT_NO_FATAL_FAILURE(start_again());
  ASSERT_NO_FATAL_FAILURE(wait_for_checkpoint(trial_, 2));
  EXPECT_NE(node_of(job_), node);
  EXPECT_TRUE(patiently([&] { return cluster().job_processes(node).empty(); })) << "the first copy lives on";
  ASSERT_NO_FATAL_FAILURE(wait_for_outcome(trial_));
  ASSERT_NO_FATAL_FAILURE(wait_for_empty_queue());
  expect_one_sound_history(trial_, 2);
  EXPECT_GT(records_of<StartRecord>(trial_)[1].resumed_from_step, 0);
  EXPECT_THAT(task_logs(), HasSubstr("taken"));
}

TEST_F(DisturbedTrial, ThatIsRequeuedGoesOn) {
  cluster().ask({"scontrol", "requeue", job_});
  ASSERT_NO_FATAL_FAILURE(wait_for_outcome(trial_));
  expect_one_sound_history(trial_, 2);
  // It was told to stop, and lost nothing.
  EXPECT_EQ(records_of<StartRecord>(trial_)[1].lost_seconds, 0);
}

TEST_F(DisturbedTrial, DoesNotNoticeThatTheControllerDies) {
  cluster().kill_controller();
  cluster().start_controller();
  ASSERT_NO_FATAL_FAILURE(wait_for_outcome(trial_));
  ASSERT_NO_FATAL_FAILURE(wait_for_empty_queue());
  expect_one_sound_history(trial_, 1);
}

TEST_F(DisturbedTrial, IsLeftAloneByAnotherTask) {
  const ProgramEnd other = timetrial({"task", sweep_id(), "0", "--results", results().string()});
  EXPECT_EQ(other.exit_code, kDone) << other.output;
  EXPECT_THAT(other.output, HasSubstr("this trial is being run by another process"));
  EXPECT_THAT(other.output, HasSubstr("SLURM job " + job_));
  EXPECT_THAT(other.output, HasSubstr("nothing to do here"));
  ASSERT_NO_FATAL_FAILURE(wait_for_outcome(trial_));
  expect_one_sound_history(trial_, 1);
  const ProgramEnd late = timetrial({"task", sweep_id(), "0", "--results", results().string()});
  EXPECT_EQ(late.exit_code, kDone) << late.output;
  EXPECT_THAT(late.output, HasSubstr("Finished earlier"));
}

}  // namespace
}  // namespace timetrial
