// Several `timetrial` on one results directory.

#include "end_to_end.h"
#include "running_trial.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

using Concurrent = EndToEnd;

TEST_F(Concurrent, SweepsOfDifferentSubmissionsShareAResultFile) {
  const auto sweep_of = [&](const char* name) {
    return command({"sweep", "--ruleset", "demo", "--workload", "mnist", "--submission", submission(name),
                    "--max-steps", "200", "--threads", "1", "--results", results().string()});
  };
  Program first(sweep_of("adamw"));
  Program second(sweep_of("nesterov_momentum"));
  const ProgramEnd first_end = first.finish();
  const ProgramEnd second_end = second.finish();
  EXPECT_EQ(first_end.exit_code, kDone) << first_end.output;
  EXPECT_EQ(second_end.exit_code, kDone) << second_end.output;

  std::map<std::string, int> trials;
  for (const TrialResult& trial : stored(results())) {
    EXPECT_EQ(trial.outcome.size(), 1U);
    ++trials[trial.spec.submission + std::to_string(trial.spec.study) + std::to_string(trial.spec.trial)];
  }
  EXPECT_EQ(trials.size(), 8U);  // 2 submissions x 2 studies x 2 trials
  for (const auto& [name, count] : trials) EXPECT_EQ(count, 1) << name;
}

TEST_F(Concurrent, SecondRunOfARunningTrialIsTurnedAway) {
  constexpr int64_t kSteps = 6000;
  const std::vector<std::string> arguments = fixed_trial("adamw", "mnist", kSteps, results());
  RunningTrial first(command(arguments), results());
  ASSERT_TRUE(first.reaches(1));
  const ProgramEnd second = timetrial(arguments);
  EXPECT_EQ(second.exit_code, kUserError) << second.output;
  EXPECT_THAT(second.output, HasSubstr("this trial is being run by another process"));
  const ProgramEnd list = timetrial({"list", "trials", "--results", results().string()});
  EXPECT_THAT(list.output, HasSubstr("running"));

  const ProgramEnd end = first.program().finish();
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  const std::filesystem::path directory = only_trial(results());
  EXPECT_EQ(outcome_record(directory).step, kSteps);
  EXPECT_EQ(records_of<StartRecord>(directory).size(), 1U);
  ASSERT_EQ(stored(results()).size(), 1U);
  EXPECT_EQ(stored(results())[0].evaluations.size(), records_of<EvaluationRecord>(directory).size());
}

TEST_F(Concurrent, OfTwoRunsStartedAtOnceOneRuns) {
  for (int round = 0; round < 3; ++round) {
    const std::filesystem::path place = results() / std::to_string(round);
    const std::vector<std::string> arguments = command(fixed_trial("adamw", "mnist", 3000, place));
    Program one(arguments);
    Program other(arguments);
    const ProgramEnd ends[] = {one.finish(), other.finish()};
    const bool one_ran = ends[0].exit_code == kDone;
    EXPECT_EQ(ends[one_ran ? 0 : 1].exit_code, kDone) << ends[0].output << ends[1].output;
    EXPECT_EQ(ends[one_ran ? 1 : 0].exit_code, kUserError) << ends[0].output << ends[1].output;
    EXPECT_THAT(ends[one_ran ? 1 : 0].output, HasSubstr("being run by another process"));
    ASSERT_EQ(stored(place).size(), 1U);
    EXPECT_EQ(stored(place)[0].outcome.size(), 1U);
  }
}

}  // namespace
}  // namespace timetrial
