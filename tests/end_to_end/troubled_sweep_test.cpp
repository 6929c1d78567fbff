// Submissions that break the rules: each is a recorded outcome with words that help, and the sweep goes on.

#include <fstream>
#include <sstream>

#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class TroubledSweep : public EndToEnd {
 protected:
  // Of every submission's only trial.
  std::map<std::string, OutcomeRecord> outcomes() const {
    std::map<std::string, OutcomeRecord> found;
    for (const TrialResult& trial : stored(results())) {
      EXPECT_EQ(trial.outcome.size(), 1U) << trial.spec.submission;
      EXPECT_EQ(found.count(trial.spec.submission), 0U) << trial.spec.submission;
      if (!trial.outcome.empty()) found[trial.spec.submission] = trial.outcome[0];
    }
    return found;
  }

  static void expect_end(const OutcomeRecord& record, Outcome outcome, const std::string& words) {
    EXPECT_EQ(record.outcome, outcome) << record.message;
    EXPECT_THAT(record.message, HasSubstr(words));
  }

  void expect_score_and_report(const std::string& rules, const std::string& good) const {
    const ProgramEnd score = timetrial({"score", "--ruleset", rules, "--results", results().string()});
    EXPECT_EQ(score.exit_code, kDone) << score.output;
    EXPECT_THAT(score.output, HasSubstr(good));
    const std::string page = (folder() / "report.html").string();
    const ProgramEnd report =
        timetrial({"report", "--ruleset", rules, "--results", results().string(), "--out", page});
    EXPECT_EQ(report.exit_code, kDone) << report.output;
    std::stringstream text;
    text << std::ifstream(page).rdbuf();
    EXPECT_THAT(text.str(), HasSubstr(good));
  }
};

TEST_F(TroubledSweep, RecordsEachFaultAndGoesOn) {
  CustomRules custom;
  custom.self_tuning = true;
  custom.stall_limit_seconds = 2;
  custom.budget_seconds = 3;
  const std::string rules = write_rules(custom);
  std::vector<std::string> arguments = {"sweep", "--ruleset", rules, "--results", results().string()};
  for (const char* name : {"throws_in_update", "returns_nan", "loops_forever", "other_api_version",
                           "segfaults", "replaces_parameter", "plain_sgd"}) {
    arguments.insert(arguments.end(), {"--submission", misbehaving(name)});
  }
  const ProgramEnd sweep = timetrial(arguments);
  EXPECT_EQ(sweep.exit_code, kTrouble) << sweep.output;

  std::map<std::string, OutcomeRecord> ends = outcomes();
  ASSERT_EQ(ends.size(), 7U);
  expect_end(ends["throws_in_update"], Outcome::failed, "update: the third update is one too many");
  expect_end(ends["returns_nan"], Outcome::diverged, "To cure it: lower the learning rate");
  expect_end(ends["loops_forever"], Outcome::hung, "update() did not return");
  expect_end(ends["loops_forever"], Outcome::hung, "To cure it: look for an endless loop");
  expect_end(ends["other_api_version"], Outcome::failed, "To cure it: build it again");
  expect_end(ends["segfaults"], Outcome::crashed, "SIGSEGV");
  expect_end(ends["segfaults"], Outcome::crashed, "To cure it: run timetrial check");
  expect_end(ends["replaces_parameter"], Outcome::failed, "To cure it: change parameters in place");
  EXPECT_TRUE(ends["plain_sgd"].outcome == Outcome::target_reached ||
              ends["plain_sgd"].outcome == Outcome::budget_exhausted)
      << ends["plain_sgd"].message;
  EXPECT_GT(ends["plain_sgd"].step, 1);
  for (const auto& [name, end] : ends) EXPECT_THAT(sweep.output, HasSubstr(end.message)) << name;
  expect_score_and_report(rules, "plain_sgd");
}

TEST_F(TroubledSweep, RecordsAMismatchOfSearchSpaceAndSubmission) {
  CustomRules custom;
  custom.budget_seconds = 2;
  const std::string rules = write_rules(custom);
  const std::string space = write("space.json", R"([{"learning_rate": 0.001, "weight_decay": 0.01}])");
  std::vector<std::string> arguments = {"sweep", "--ruleset", rules, "--results", results().string()};
  for (const std::string& library : {misbehaving("reads_unknown_hyperparameter"),
                                     misbehaving("never_reads_hyperparameter"), submission("my_adamw")}) {
    arguments.insert(arguments.end(), {"--submission", library, "--search-space", space});
  }
  const ProgramEnd sweep = timetrial(arguments);
  EXPECT_EQ(sweep.exit_code, kTrouble) << sweep.output;
  std::map<std::string, OutcomeRecord> ends = outcomes();
  ASSERT_EQ(ends.size(), 3U);
  expect_end(ends["reads_unknown_hyperparameter"], Outcome::failed, "did you mean 'learning_rate'");
  expect_end(ends["reads_unknown_hyperparameter"], Outcome::failed, "To cure it: add 'lerning_rate'");
  expect_end(ends["never_reads_hyperparameter"], Outcome::failed, "learning_rate, weight_decay. To cure it");
  EXPECT_TRUE(ends["my_adamw"].outcome == Outcome::target_reached ||
              ends["my_adamw"].outcome == Outcome::budget_exhausted)
      << ends["my_adamw"].message;
  expect_score_and_report(rules, "my_adamw");
}

}  // namespace
}  // namespace timetrial
