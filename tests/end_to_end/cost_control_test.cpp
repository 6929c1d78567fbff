// What a sweep will cost, and the trials it need not finish.

#include "end_to_end.h"
#include "harness/journal/futility.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class CostControl : public EndToEnd {
 protected:
  // Two trials of one study: a point that reaches the target and one that never does.
  std::vector<std::string> sweep_with(const CustomRules& rules) const {
    const std::string points = write("points.json", R"([
      {"learning_rate": 0.002, "one_minus_beta1": 0.1, "beta2": 0.99, "weight_decay": 0.01, "warmup_factor": 0.05,
       "label_smoothing": 0.0, "dropout_rate": 0.0},
      {"learning_rate": 1e-9, "one_minus_beta1": 0.1, "beta2": 0.99, "weight_decay": 0.01, "warmup_factor": 0.05,
       "label_smoothing": 0.0, "dropout_rate": 0.0}])");
    return {"sweep",        "--ruleset",         write_rules(rules),
            "--submission", submission("adamw"), "--search-space",
            points,         "--threads",         "1",
            "--results",    results().string()};
  }

  static CustomRules two_trials() {
    CustomRules rules;
    rules.trials_per_study = 2;
    rules.evaluation_period_steps = 50;
    rules.budget_seconds = 40;
    return rules;
  }
};

TEST_F(CostControl, ATrialThatCanNoLongerWinEndsAsFutile) {
  CustomRules rules = two_trials();
  rules.futility_stop = true;
  const std::vector<std::string> sweep = sweep_with(rules);
  const ProgramEnd end = timetrial(sweep);
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  const std::vector<std::filesystem::path> trials = trial_directories(results());
  ASSERT_EQ(trials.size(), 2U);
  EXPECT_EQ(outcome_record(trials[0]).outcome, Outcome::target_reached);
  const OutcomeRecord futile = outcome_record(trials[1]);
  EXPECT_EQ(futile.outcome, Outcome::futile) << futile.message;
  EXPECT_THAT(futile.message, HasSubstr("another trial of this study"));
  EXPECT_LT(futile.submission_seconds, rules.budget_seconds);

  // Not before: its last evaluation is the first that could not count.
  const auto reached = records_of<EvaluationRecord>(trials[0]);
  const auto lost = records_of<EvaluationRecord>(trials[1]);
  const FutilityBound bound{std::ssize(reached) - 1, reached.back().submission_seconds, reached.back().step};
  EXPECT_EQ(read_futility_bound(trials[1]), bound);
  for (std::size_t i = 0; i < lost.size(); ++i) {
    EXPECT_EQ(is_futile(bound, static_cast<int64_t>(i) + 1, lost[i].submission_seconds, lost[i].step),
              i + 1 == lost.size());
  }

  // The same sweep again runs nothing.
  EXPECT_THAT(timetrial(sweep).output, HasSubstr("finished earlier"));
  const ProgramEnd score =
      timetrial({"score", "--ruleset", write_rules(rules), "--results", results().string()});
  EXPECT_EQ(score.exit_code, kDone) << score.output;
}

TEST_F(CostControl, ADryRunTellsTheBudgetsFirstAndWhatWasMeasuredLater) {
  CustomRules rules = two_trials();
  std::vector<std::string> sweep = sweep_with(rules);
  sweep.insert(sweep.end(), {"--max-steps", "100", "--ignore-targets"});
  std::vector<std::string> dry_run = sweep;
  dry_run.emplace_back("--dry-run");
  const ProgramEnd before = timetrial(dry_run);
  EXPECT_EQ(before.exit_code, kDone) << before.output;
  EXPECT_THAT(before.output, AllOf(HasSubstr("upper bound"), HasSubstr("at most 0.02 machine-hours"),
                                   HasSubstr("disk not known"), HasSubstr("80.0 s with 1 trial at a time")));
  EXPECT_FALSE(std::filesystem::exists(results()));  // nothing was run, and nothing made

  EXPECT_EQ(timetrial(sweep).exit_code, kDone);
  EXPECT_THAT(timetrial(dry_run).output, HasSubstr("2 trials are finished"));
  dry_run.insert(dry_run.end(), {"--seed", "7"});
  EXPECT_THAT(timetrial(dry_run).output,
              AllOf(HasSubstr("its own trials (2 measured)"), Not(HasSubstr("at most")),
                    ContainsRegex("[0-9.]+ MiB of disk")));
}

}  // namespace
}  // namespace timetrial
