// A trial that is told to stop: by the end of its time, and by a person.

#include "slurm_fixture.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kStoppedTrialSeconds = 10;
constexpr int64_t kSecondsBeyondTheSignal = 40;

using StoppedTrial = SlurmSweep;

TEST_F(StoppedTrial, AtTheEndOfItsTimeSavesItsStateAndStartsAgainByItself) {
  // SLURM looks at the times of its jobs twice a minute: the signal comes within half a minute.
  ASSERT_NO_FATAL_FAILURE(submit({"adamw"}, kSecondsBeyondTheSignal, {"--time", "1", "--grace", "58"}));
  const std::filesystem::path trial = only_trial(results());
  ASSERT_TRUE(patiently([&] { return task_logs().find("SLURM starts this job again") != std::string::npos; }))
      << task_logs();
  const std::string job = only_job();
  cluster().ask({"scontrol", "update", "JobId=" + job, "TimeLimit=30"});
  ASSERT_NO_FATAL_FAILURE(wait_for_outcome(trial));
  ASSERT_NO_FATAL_FAILURE(wait_for_empty_queue());
  const std::vector<StartRecord> starts = records_of<StartRecord>(trial);
  ASSERT_GE(starts.size(), 2U);
  expect_one_sound_history(trial, starts.size());
  for (size_t i = 1; i < starts.size(); ++i) {
    EXPECT_GT(starts[i].resumed_from_step, 0);
    EXPECT_EQ(starts[i].lost_seconds, 0);
  }
}

TEST_F(StoppedTrial, ByScancelStaysStoppedUntilTheSweepIsResumed) {
  ASSERT_NO_FATAL_FAILURE(submit({"adamw", "nesterov_momentum"}, kStoppedTrialSeconds));
  const std::vector<std::filesystem::path> trials = trial_directories(results());
  ASSERT_EQ(trials.size(), 2U);
  for (const auto& trial : trials) ASSERT_NO_FATAL_FAILURE(wait_for_checkpoint(trial));
  cluster().ask({"bash", "-c", "scancel $(squeue -h -r -o %F_%K | grep _0)"});
  ASSERT_NO_FATAL_FAILURE(wait_for_outcome(trials[1]));
  ASSERT_NO_FATAL_FAILURE(wait_for_empty_queue());
  EXPECT_TRUE(records_of<OutcomeRecord>(trials[0]).empty());
  EXPECT_EQ(records_of<StartRecord>(trials[0]).size(), 1U);
  EXPECT_THAT(task_logs(), HasSubstr("timetrial sweep --resume submits the trial again"));
  const ProgramEnd watch = timetrial({"watch", "--once", "--results", results().string()});
  EXPECT_THAT(watch.output, HasSubstr("1 finished, 1 neither"));

  const ProgramEnd resume = timetrial({"sweep", "--resume", "--results", results().string()});
  EXPECT_EQ(resume.exit_code, kDone) << resume.output;
  EXPECT_THAT(resume.output, HasSubstr("1 trials submitted"));
  ASSERT_NO_FATAL_FAILURE(wait_for_outcome(trials[0]));
  ASSERT_NO_FATAL_FAILURE(wait_for_empty_queue());
  expect_one_sound_history(trials[0], 2);
  expect_one_sound_history(trials[1], 1);
}

}  // namespace
}  // namespace timetrial
