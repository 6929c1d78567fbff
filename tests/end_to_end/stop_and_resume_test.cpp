// Ctrl-C, and a `timetrial` that dies itself.

#include "end_to_end.h"
#include "running_trial.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kStoppedTrialSteps = 4000;

class Stopped : public EndToEnd {
 protected:
  std::vector<std::string> trial_in(const std::filesystem::path& place) const {
    return fixed_trial("adamw", "mnist", kStoppedTrialSteps, place);
  }

  std::string reference_hash() const {
    const std::filesystem::path reference = folder() / "reference";
    EXPECT_EQ(timetrial(trial_in(reference)).exit_code, kDone);
    return final_hash(only_trial(reference));
  }

  void resume_and_compare() const {
    const ProgramEnd end = timetrial(trial_in(results()));
    EXPECT_EQ(end.exit_code, kDone) << end.output;
    const std::filesystem::path directory = only_trial(results());
    EXPECT_EQ(final_hash(directory), reference_hash());
    const std::vector<StartRecord> starts = records_of<StartRecord>(directory);
    ASSERT_EQ(starts.size(), 2U);
    EXPECT_EQ(records_of<StepTimesRecord>(directory).size(), 2U);
    EXPECT_EQ(starts[1].resumed_from_step, records_of<CheckpointRecord>(directory)[checkpoints_].step);
  }

  size_t checkpoints_ = 0;  // index of the checkpoint written when it was stopped
};

TEST_F(Stopped, RunSaysHowToResumeAndDoesSoExactly) {
  RunningTrial trial(command(trial_in(results())), results());
  ASSERT_TRUE(trial.reaches(kStoppedTrialSteps / 4));
  trial.program().send(SIGINT);
  const ProgramEnd end = trial.program().finish();
  EXPECT_EQ(end.exit_code, kInterrupted) << end.output;
  EXPECT_THAT(end.output, HasSubstr("run the same command again to resume"));
  // Nothing is lost: the last thing it did in training was to save its state; then it said where its steps
  // went, how the machine was, and what memory it took.
  checkpoints_ = records_of<CheckpointRecord>(only_trial(results())).size() - 1;
  const std::vector<JournalRecord> records = read_journal(only_trial(results())).records;
  ASSERT_GE(records.size(), 5U);
  EXPECT_TRUE(std::holds_alternative<CheckpointRecord>(records[records.size() - 5]));
  EXPECT_TRUE(std::holds_alternative<StepTimesRecord>(records[records.size() - 4]));
  EXPECT_TRUE(std::holds_alternative<MachineSamplesRecord>(records[records.size() - 3]));
  EXPECT_TRUE(std::holds_alternative<MemoryRecord>(records[records.size() - 2]));
  EXPECT_TRUE(std::holds_alternative<InterruptionRecord>(records.back()));
  resume_and_compare();
}

TEST_F(Stopped, TimetrialKilledLeavesATrialThatResumesExactly) {
  RunningTrial trial(command(trial_in(results())), results());
  ASSERT_TRUE(trial.reaches(kStoppedTrialSteps / 4));
  trial.program().send(SIGKILL);
  EXPECT_EQ(trial.program().finish().signal, SIGKILL);
  ASSERT_TRUE(wait_until([&] { return !trial_is_held(only_trial(results())); }));
  checkpoints_ = records_of<CheckpointRecord>(only_trial(results())).size() - 1;
  resume_and_compare();
}

TEST_F(Stopped, WorkerAskedToStopBySomebodyElseIsAnInterruption) {
  RunningTrial trial(command(trial_in(results())), results());
  ASSERT_TRUE(trial.reaches(kStoppedTrialSteps / 4));
  for (const pid_t worker : children_of(trial.program().id())) ::kill(worker, SIGTERM);
  const ProgramEnd end = trial.program().finish();
  EXPECT_EQ(end.exit_code, kInterrupted) << end.output;
  EXPECT_THAT(end.output, HasSubstr("run the same command again to resume"));
}

TEST_F(Stopped, SweepKeepsWhatIsFinishedAndGoesOn) {
  CustomRules rules;
  const auto sweep_in = [&](const std::filesystem::path& place) {
    return std::vector<std::string>{"sweep",
                                    "--ruleset",
                                    write_rules(rules),
                                    "--submission",
                                    submission("adamw"),
                                    "--submission",
                                    submission("nesterov_momentum"),
                                    "--max-steps",
                                    std::to_string(kStoppedTrialSteps),
                                    "--ignore-targets",
                                    "--threads",
                                    "1",
                                    "--results",
                                    place.string()};
  };
  Program sweep(command(sweep_in(results())));
  ASSERT_TRUE(wait_until([&] {
    const auto trials = trial_directories(results());
    return trials.size() == 2 && records_of<CheckpointRecord>(trials[1]).size() >= 2;
  }));
  sweep.send(SIGINT);
  const ProgramEnd stopped = sweep.finish();
  EXPECT_EQ(stopped.exit_code, kInterrupted) << stopped.output;
  EXPECT_THAT(stopped.output, HasSubstr("1 of 2 trials are finished and kept"));
  const ProgramEnd resumed = timetrial(sweep_in(results()));
  EXPECT_EQ(resumed.exit_code, kDone) << resumed.output;
  EXPECT_THAT(resumed.output, HasSubstr("finished earlier"));

  EXPECT_EQ(timetrial(sweep_in(folder() / "reference")).exit_code, kDone);
  const auto trials = trial_directories(results());
  const auto expected = trial_directories(folder() / "reference");
  ASSERT_EQ(trials.size(), 2U);
  ASSERT_EQ(expected.size(), 2U);
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(final_hash(trials[i]), final_hash(expected[i]));
  EXPECT_EQ(records_of<StartRecord>(trials[0]).size(), 1U);
  EXPECT_EQ(records_of<StartRecord>(trials[1]).size(), 2U);
}

TEST_F(Stopped, SweepGoesOnFromItsPlanAlone) {
  const std::vector<std::string> arguments = {"sweep",
                                              "--ruleset",
                                              write_rules({}),
                                              "--submission",
                                              submission("adamw"),
                                              "--submission",
                                              submission("nesterov_momentum"),
                                              "--max-steps",
                                              "3000",
                                              "--ignore-targets",
                                              "--threads",
                                              "1",
                                              "--results",
                                              results().string()};
  Program sweep(command(arguments));
  ASSERT_TRUE(wait_until([&] {
    const auto trials = trial_directories(results());
    return !trials.empty() && !records_of<CheckpointRecord>(trials[0]).empty();
  }));
  sweep.send(SIGKILL);  // no time to say anything
  sweep.finish();
  ASSERT_TRUE(wait_until([&] {
    const auto trials = trial_directories(results());
    return std::none_of(trials.begin(), trials.end(), [](const auto& trial) { return trial_is_held(trial); });
  }));

  const ProgramEnd other = timetrial({"sweep", "--resume", "--seed", "3", "--results", results().string()});
  EXPECT_EQ(other.exit_code, kUserError);
  EXPECT_THAT(other.output, HasSubstr("--seed"));
  const ProgramEnd resumed = timetrial({"sweep", "--resume", "--results", results().string()});
  EXPECT_EQ(resumed.exit_code, kDone) << resumed.output;
  const auto trials = trial_directories(results());
  ASSERT_EQ(trials.size(), 2U);
  EXPECT_EQ(records_of<StartRecord>(trials[0]).size(), 2U);
  for (const auto& trial : trials) EXPECT_EQ(outcome_record(trial).outcome, Outcome::step_limit);
  EXPECT_EQ(stored(results()).size(), 2U);

  const ProgramEnd nothing = timetrial({"sweep", "--resume", "--results", (folder() / "nothing").string()});
  EXPECT_EQ(nothing.exit_code, kUserError);
  EXPECT_THAT(nothing.output, HasSubstr("there is no sweep to resume"));
}

}  // namespace
}  // namespace timetrial
