// A sweep as arrays of jobs, to the end.

#include "slurm_fixture.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

using SlurmArray = SlurmSweep;

// More trials than an array of this cluster holds.
TEST_F(SlurmArray, RunsEveryTrialAndIsScored) {
  CustomRules rules;
  rules.workloads = {"mnist", "criteo1tb"};
  const ProgramEnd sweep =
      timetrial({"sweep", "--ruleset", write_rules(rules), "--submission", submission("adamw"),
                 "--submission", submission("nesterov_momentum"), "--max-steps", "20", "--threads", "1",
                 "--results", results().string(), "--slurm", "--max-concurrent", "2"});
  ASSERT_EQ(sweep.exit_code, kDone) << sweep.output;
  EXPECT_THAT(sweep.output, HasSubstr("4 trials submitted as SLURM job"));
  const std::vector<std::filesystem::path> trials = trial_directories(results());
  ASSERT_EQ(trials.size(), 4U);
  ASSERT_NO_FATAL_FAILURE(wait_for_empty_queue());
  for (const std::filesystem::path& trial : trials) expect_one_sound_history(trial, 1);

  // Nobody has folded anything yet.
  const ProgramEnd score = timetrial({"score", "--ruleset", write_rules(rules), "--trials-of",
                                      rules.name + "+max-steps=20", "--results", results().string()});
  EXPECT_EQ(score.exit_code, kDone) << score.output;
  EXPECT_THAT(score.output, HasSubstr("nesterov_momentum"));
  ASSERT_EQ(stored(results()).size(), 4U) << score.output;
  for (const TrialResult& trial : stored(results())) EXPECT_EQ(trial.outcome.size(), 1U);

  // Once more, everything is there.
  const ProgramEnd again = timetrial({"sweep", "--resume", "--results", results().string()});
  EXPECT_EQ(again.exit_code, kDone) << again.output;
  EXPECT_THAT(again.output, HasSubstr("nothing to submit; 4 finished"));
}

TEST_F(SlurmArray, ThatTheClusterRefusesSaysWhyAndSubmitsNothing) {
  std::vector<std::string> arguments = sweep_arguments({"adamw"}, 20);
  for (const char* word : {"--slurm", "--partition", "nowhere"}) arguments.push_back(word);
  const ProgramEnd end = timetrial(arguments);
  EXPECT_EQ(end.exit_code, kUserError) << end.output;
  EXPECT_THAT(end.output, HasSubstr("nowhere"));
  EXPECT_EQ(cluster().ask({"squeue", "-h"}), "");
}

TEST_F(SlurmArray, IsWatchedWhileItRuns) {
  ASSERT_NO_FATAL_FAILURE(submit({"adamw", "nesterov_momentum"}, 600, {"--max-concurrent", "1"}));
  const std::vector<std::filesystem::path> trials = trial_directories(results());
  ASSERT_NO_FATAL_FAILURE(wait_for_checkpoint(trials[0]));
  const ProgramEnd watch = timetrial({"watch", "--once", "--results", results().string()});
  EXPECT_THAT(watch.output, HasSubstr("1 queued (JobArrayTaskLimit 1), 1 running, 0 finished"));
  EXPECT_THAT(watch.output, HasSubstr("running: adamw on mnist"));
  ASSERT_EQ(stored(results()).size(), 1U);
  EXPECT_FALSE(stored(results())[0].evaluations.empty());
}

}  // namespace
}  // namespace timetrial
