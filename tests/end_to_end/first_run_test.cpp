// A trial from the command line to the result file.

#include <algorithm>

#include <nlohmann/json.hpp>

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

using OneTrial = EndToEnd;

TEST_F(OneTrial, ReachesATargetAndIsListed) {
  // More than the ruleset's budget, for a machine that is slow or busy.
  const ProgramEnd run = timetrial({"run", "--workload", "mnist", "--tier", "mini", "--submission",
                                    submission("adamw"), "--budget", "200", "--results", results().string()});
  EXPECT_EQ(run.exit_code, kDone) << run.output;
  const OutcomeRecord outcome = outcome_record(only_trial(results()));
  EXPECT_EQ(outcome.outcome, Outcome::target_reached) << outcome.message;

  const ProgramEnd table = timetrial({"list", "trials", "--results", results().string()});
  EXPECT_EQ(table.exit_code, kDone) << table.output;
  for (const char* text : {"target_reached", "adamw", "mnist", "seed", "machine"})
    EXPECT_THAT(table.output, HasSubstr(text));

  const ProgramEnd list = timetrial({"list", "trials", "--format", "json", "--results", results().string()});
  const nlohmann::json line = nlohmann::json::parse(list.output).at(0);
  const TrialSpec spec = read_trial_spec(only_trial(results()));
  EXPECT_EQ(line.at("submission"), "adamw");
  EXPECT_EQ(line.at("workload"), "mnist");
  EXPECT_EQ(line.at("outcome"), "target_reached");
  EXPECT_EQ(line.at("steps").get<int64_t>(), outcome.step);
  EXPECT_DOUBLE_EQ(line.at("seconds").get<double>(), outcome.submission_seconds);
  EXPECT_EQ(line.at("seed").get<uint64_t>(), spec.seed);
  EXPECT_FALSE(line.at("machine").get<std::string>().empty());
}

TEST_F(OneTrial, RepeatedAfterItsEndAddsNothing) {
  const std::vector<std::string> arguments = fixed_trial("adamw", "mnist", 50, results());
  const std::vector<std::string> list = {"list", "trials",    "--format",
                                         "json", "--results", results().string()};
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  const std::string before = timetrial(list).output;
  const std::vector<JournalRecord> records = read_journal(only_trial(results())).records;

  const ProgramEnd again = timetrial(arguments);
  EXPECT_EQ(again.exit_code, kDone) << again.output;
  EXPECT_THAT(again.output, HasSubstr("finished earlier"));
  EXPECT_EQ(timetrial(list).output, before);
  EXPECT_EQ(read_journal(only_trial(results())).records.size(), records.size());
  ASSERT_EQ(stored(results()).size(), 1U);
  const auto evaluations = std::count_if(records.begin(), records.end(), [](const JournalRecord& record) {
    return std::holds_alternative<EvaluationRecord>(record);
  });
  EXPECT_GE(evaluations, 2);  // after the first step, at the step limit, and where a period ended between
  EXPECT_EQ(stored(results())[0].evaluations.size(), static_cast<size_t>(evaluations));
}

TEST_F(OneTrial, WithTheClockPerStepIsScoredApart) {
  const std::vector<std::string> arguments = {"run",
                                              "--workload",
                                              "mnist",
                                              "--tier",
                                              "mini",
                                              "--ruleset",
                                              "demo-quick",
                                              "--submission",
                                              submission("adamw"),
                                              "--max-steps",
                                              "50",
                                              "--results",
                                              results().string()};
  std::vector<std::string> per_step = arguments;
  per_step.insert(per_step.end(), {"--clock", "per-step"});
  EXPECT_EQ(timetrial(arguments).exit_code, kDone);
  EXPECT_EQ(timetrial(per_step).exit_code, kDone);
  const std::vector<TrialResult> trials = stored(results());
  ASSERT_EQ(trials.size(), 2U);
  EXPECT_EQ(trials[0].spec.ruleset, "demo-quick+max-steps=50");
  EXPECT_EQ(trials[1].spec.ruleset, "demo-quick+max-steps=50+clock=per-step");

  const ProgramEnd unclear = timetrial({"score", "--results", results().string()});
  EXPECT_EQ(unclear.exit_code, kUserError);
  EXPECT_THAT(unclear.output, HasSubstr("choose one with --ruleset"));
  const ProgramEnd score = timetrial(
      {"score", "--ruleset", trials[1].spec.ruleset, "--format", "json", "--results", results().string()});
  EXPECT_EQ(score.exit_code, kDone) << score.output;
}

}  // namespace
}  // namespace timetrial
