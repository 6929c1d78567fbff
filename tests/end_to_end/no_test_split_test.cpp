// A workload without a test split, as the full tier of finewebedu_lm: from the command line to the score.

#include <nlohmann/json.hpp>

#include "../workloads/token_files.h"
#include "end_to_end.h"

namespace timetrial {
namespace {

using NoTestSplit = EndToEnd;

TEST_F(NoTestSplit, ATrialReachesBothTargetsByTheOneThereIsAndIsScoredAndExported) {
  const TokenSplits splits = {kMiniRunLength, kMiniPieces, 8, 2, /*test_runs=*/0};
  write_made_up_tokens(folder() / "data/finewebedu_lm/mini", splits);
  CustomRules rules;
  rules.workloads = {"finewebedu_lm"};
  rules.stop_rule = "both_targets";
  const std::string ruleset = write_rules(rules);
  const ProgramEnd run = timetrial({"run", "--ruleset", ruleset, "--tier", "mini", "--workload",
                                    "finewebedu_lm", "--submission", submission("adamw"), "--data",
                                    (folder() / "data").string(), "--results", results().string()});
  EXPECT_EQ(run.exit_code, kDone) << run.output;
  const OutcomeRecord outcome = outcome_record(only_trial(results()));
  EXPECT_EQ(outcome.outcome, Outcome::target_reached) << outcome.message;
  const std::vector<TrialResult> trials = stored(results());
  ASSERT_EQ(trials.size(), 1U);
  EXPECT_FALSE(trials[0].spec.target.test.has_value());
  ASSERT_EQ(trials[0].evaluations.size(), 1U);
  EXPECT_EQ(trials[0].evaluations[0].metrics.count("test/ppl"), 0U);

  const ProgramEnd score =
      timetrial({"score", "--ruleset", ruleset, "--format", "json", "--results", results().string()});
  EXPECT_EQ(score.exit_code, kDone) << score.output;
  EXPECT_EQ(nlohmann::json::parse(score.output).at("scores").at("adamw").get<double>(), 1);

  const std::string logs = (folder() / "logs").string(), copy = (folder() / "copy.sqlite").string();
  const ProgramEnd exported = timetrial({"export", "algoperf", logs, "--results", results().string()});
  EXPECT_EQ(exported.exit_code, kDone) << exported.output;
  const ProgramEnd imported = timetrial({"import", "algoperf", logs, "--db", copy});
  EXPECT_EQ(imported.exit_code, kDone) << imported.output;
  const std::vector<TrialResult> back = Store::open_read_only(copy).trials();
  ASSERT_EQ(back.size(), 1U);
  EXPECT_FALSE(back[0].spec.target.test.has_value());
  EXPECT_EQ(back[0].outcome.at(0).outcome, Outcome::target_reached);
}

}  // namespace
}  // namespace timetrial
