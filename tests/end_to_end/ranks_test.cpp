// One trial over several processes.

#include <signal.h>

#include "end_to_end.h"
#include "running_trial.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class RanksEndToEnd : public EndToEnd {
 protected:
  std::vector<std::string> ranked_trial(int64_t ranks, int64_t steps,
                                        const std::filesystem::path& results) const {
    std::vector<std::string> arguments = fixed_trial("adamw", "mnist", steps, results);
    arguments.insert(arguments.end(), {"--ranks", std::to_string(ranks)});
    return arguments;
  }

  // The outcome of a trial of two ranks that ends in trouble.
  OutcomeRecord troubled(const std::string& submission) const {
    CustomRules rules;
    rules.self_tuning = true;
    const std::filesystem::path results = folder() / submission;
    const ProgramEnd end =
        timetrial({"run", "--ruleset", write_rules(rules), "--tier", "mini", "--workload", "mnist",
                   "--submission", misbehaving(submission), "--max-steps", "200", "--ignore-targets",
                   "--threads", "2", "--ranks", "2", "--results", results.string()});
    EXPECT_EQ(end.exit_code, kTrouble) << end.output;
    return outcome_record(only_trial(results));
  }
};

TEST_F(RanksEndToEnd, TrainTogetherAndTellHowMany) {
  for (const int64_t ranks : {2, 3}) {
    const std::filesystem::path results = folder() / std::to_string(ranks);
    const ProgramEnd end = timetrial(ranked_trial(ranks, 300, results));
    EXPECT_EQ(end.exit_code, kDone) << end.output;
    const std::filesystem::path directory = only_trial(results);
    const OutcomeRecord outcome = outcome_record(directory);
    EXPECT_EQ(outcome.outcome, Outcome::step_limit);
    EXPECT_EQ(outcome.step, 300);
    EXPECT_FALSE(outcome.parameters_hash.empty());
    EXPECT_EQ(records_of<StartRecord>(directory).at(0).machine.at("ranks"), std::to_string(ranks));
    const std::vector<EvaluationRecord> evaluations = records_of<EvaluationRecord>(directory);
    ASSERT_GE(evaluations.size(), 2U);
    EXPECT_EQ(evaluations.front().step, 1);
    EXPECT_EQ(evaluations.back().step, 300);
    EXPECT_GT(evaluations.back().metrics.at("validation/accuracy"), 0.5);
    const StepTimesRecord times = records_of<StepTimesRecord>(directory).at(0);
    EXPECT_GT(times.gradient_averaging, 0);
  }
}

TEST_F(RanksEndToEnd, AreResumedExactlyWhenOneIsKilled) {
  constexpr int64_t kSteps = 800;
  const std::vector<std::string> arguments = ranked_trial(2, kSteps, results());
  {
    RunningTrial trial(command(arguments), results());
    ASSERT_TRUE(trial.reaches(kSteps / 4));
    const std::vector<pid_t> workers = children_of(trial.program().id());
    ASSERT_EQ(workers.size(), 2U);
    ::kill(workers.back(), SIGKILL);
    const ProgramEnd end = trial.program().finish();
    EXPECT_EQ(end.exit_code, kInterrupted) << end.output;
    EXPECT_THAT(end.output, AllOf(HasSubstr("the worker of rank"), HasSubstr("SIGKILL")));
  }
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  const std::filesystem::path reference = folder() / "reference";
  EXPECT_EQ(timetrial(ranked_trial(2, kSteps, reference)).exit_code, kDone);
  EXPECT_FALSE(final_hash(only_trial(reference)).empty());
  EXPECT_EQ(final_hash(only_trial(results())), final_hash(only_trial(reference)));
}

TEST_F(RanksEndToEnd, StopAndGoOnTogether) {
  constexpr int64_t kSteps = 800;
  const std::vector<std::string> arguments = ranked_trial(2, kSteps, results());
  {
    RunningTrial trial(command(arguments), results());
    ASSERT_TRUE(trial.reaches(kSteps / 4));
    trial.program().send(SIGINT);
    EXPECT_EQ(trial.program().finish().exit_code, kInterrupted);
  }
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  const std::vector<StartRecord> starts = records_of<StartRecord>(only_trial(results()));
  ASSERT_EQ(starts.size(), 2U);
  EXPECT_EQ(starts[1].lost_seconds, 0);
  EXPECT_EQ(outcome_record(only_trial(results())).step, kSteps);
}

TEST_F(RanksEndToEnd, ReachEachOtherFromSandboxes) {
  std::map<std::string, std::string> hashes;
  for (const std::string level : {"none", "sandbox"}) {
    const std::filesystem::path results = folder() / level;
    std::vector<std::string> arguments = ranked_trial(2, 200, results);
    arguments.insert(arguments.end(), {"--isolation", level});
    const ProgramEnd end = timetrial(arguments);
    EXPECT_EQ(end.exit_code, kDone) << end.output;
    if (end.output.find("trials get process") != std::string::npos) GTEST_SKIP() << end.output;
    const std::filesystem::path directory = only_trial(results);
    EXPECT_EQ(records_of<StartRecord>(directory).at(0).isolation, level);
    hashes[level] = final_hash(directory);
  }
  EXPECT_FALSE(hashes["none"].empty());
  EXPECT_EQ(hashes["sandbox"], hashes["none"]);
}

TEST_F(RanksEndToEnd, FailureOfOneEndsTheTrialWithItsMessage) {
  const OutcomeRecord thrown = troubled("throws_on_rank_one");
  EXPECT_EQ(thrown.outcome, Outcome::failed);
  EXPECT_THAT(thrown.message, AllOf(HasSubstr("rank 1:"), HasSubstr("rank one will not go on")));
}

TEST_F(RanksEndToEnd, CrashOfOneEndsTheTrialWithItsSignal) {
  const OutcomeRecord crashed = troubled("segfaults_on_rank_one");
  EXPECT_EQ(crashed.outcome, Outcome::crashed);
  EXPECT_THAT(crashed.message, AllOf(HasSubstr("the worker of rank 1"), HasSubstr("SIGSEGV")));
}

TEST_F(RanksEndToEnd, ParametersThatDriftApartAreTheSubmissionsFailure) {
  const OutcomeRecord drifted = troubled("drifts_apart");
  EXPECT_EQ(drifted.outcome, Outcome::failed);
  EXPECT_THAT(drifted.message, AllOf(HasSubstr("is not the same on ranks 0 and 1"), HasSubstr("net.layer1")));
}

}  // namespace
}  // namespace timetrial
