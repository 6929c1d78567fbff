#include "results/exchange/csv_import.h"

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"
#include "logs.h"
#include "problems.h"

namespace timetrial {
namespace {

const std::string kHeader =
    "submission,study,workload,framework,trial,eval_index,global_step,accumulated_submission_time,metric,"
    "validation_value,test_value\n";

class CsvImport : public FolderTest {
 protected:
  ImportSummary import(const std::string& evaluations, const std::string& trials = "") {
    write(folder_ / "evals.csv", evaluations);
    write(folder_ / "trials.csv", trials);
    Store store(folder_ / "results.sqlite");
    return store_trials(
        read_csv(folder_ / "evals.csv", trials.empty() ? std::nullopt : std::optional(folder_ / "trials.csv"),
                 {small_rules()}),
        store);
  }
  std::vector<TrialResult> trials() { return Store(folder_ / "results.sqlite").trials(); }
};

TEST_F(CsvImport, StoresTrialsUnderTheRuleset) {
  const ImportSummary summary = import(
      kHeader + "adamw,1,ogbg,jax,2,0,10,1.5,loss,0.7,0.8\nadamw,1,ogbg,jax,2,1,20,2.5,loss,0.5,0.6\n");
  EXPECT_EQ(summary.added, 1);
  EXPECT_TRUE(summary.problems.empty());
  const TrialResult trial = trials().at(0);
  EXPECT_EQ(trial.spec.ruleset, "small");
  EXPECT_EQ(trial.spec.study, 1);
  EXPECT_EQ(trial.spec.trial, 2);
  EXPECT_EQ(trial.outcome.at(0).outcome, Outcome::target_reached);
  EXPECT_EQ(trial.starts.at(0).provenance.at("framework"), "jax");
}

TEST_F(CsvImport, AgainChangesNothingAndGrowsOnlyByWhatIsNew) {
  const std::string first = kHeader + "adamw,0,ogbg,jax,1,0,10,1.5,loss,0.7,0.8\n";
  import(first);
  EXPECT_EQ(import(first).unchanged, 1);
  EXPECT_EQ(import(first + "adamw,0,ogbg,jax,1,1,20,2.5,loss,0.65,0.8\n").grown, 1);
  EXPECT_EQ(trials().at(0).evaluations.size(), 2U);
}

TEST_F(CsvImport, UnknownWorkloadsNeedTheirRulesInTheTableOfTrials) {
  const std::string rows =
      "adamw,0,mine_big,jax,1,0,10,1,loss,0.7,0.8\nadamw,0,other,jax,1,0,10,1,loss,0.7,0.8\n";
  const ImportSummary summary =
      import(kHeader + rows,
             "submission,study,workload,framework,trial,status,n_evals,outcome,base_workload,metric,"
             "validation_target,budget_seconds,evaluation_period_seconds,hyperparameters\n"
             "adamw,0,mine_big,jax,1,ok,1,diverged,mine,loss,0.25,100,10,\"{\"\"lr\"\": 0.5}\"\n"
             "adamw,0,other,jax,1,ok,1,,,,,,,\n");
  EXPECT_EQ(summary.added, 1);
  EXPECT_TRUE(only(summary.problems, ProblemKind::unknown_workload).left_out);
  const TrialResult trial = trials().at(0);
  EXPECT_EQ(trial.spec.workload, "mine");
  EXPECT_EQ(trial.spec.variant, "big");
  EXPECT_EQ(trial.spec.target.validation, 0.25);
  EXPECT_EQ(trial.spec.hyperparameters, (HyperparameterMap{{"lr", 0.5}}));
  EXPECT_EQ(trial.outcome.at(0).outcome, Outcome::diverged);
}

TEST_F(CsvImport, CountsBothFrameworksAndNumbersThemApart) {
  const ImportSummary summary = import(kHeader +
                                       "adamw,0,ogbg,jax,1,0,10,1,loss,0.7,0.8\n"
                                       "adamw,0,ogbg,pytorch,1,0,10,2,loss,0.7,0.8\n");
  EXPECT_EQ(only(summary.problems, ProblemKind::renumbered_trial).detail, "now 2");
  EXPECT_EQ(count_of(summary.problems, ProblemKind::two_frameworks), 1);
}

TEST_F(CsvImport, SaysWhenTheTargetsMetricIsNotThere) {
  const ImportSummary summary = import(kHeader + "adamw,0,ogbg,jax,1,0,10,1,accuracy,0.7,0.8\n");
  EXPECT_EQ(only(summary.problems, ProblemKind::no_target_metric).detail, "loss");
}

TidyTable table_of(int64_t studies, int64_t trials, const std::string& ruleset = "") {
  TidyTable table;
  for (int64_t study = 0; study < studies; ++study) {
    for (int64_t trial = 0; trial < trials; ++trial) {
      TidyTrial& added = table.trials.emplace_back();
      added.study = study;
      added.trial = trial;
      if (!ruleset.empty()) added.listed["ruleset"] = ruleset;
    }
  }
  return table;
}

TEST(RulesOfTable, AreToldByNameOrShape) {
  std::vector<ImportRules> candidates(2, small_rules());
  candidates[0].studies = candidates[1].studies = 3;
  candidates[0].trials_per_study = 5;
  candidates[1].trials_per_study = 1;
  candidates[1].ruleset = "self";
  EXPECT_EQ(rules_of_table(table_of(3, 5), candidates).ruleset, "small");
  EXPECT_EQ(rules_of_table(table_of(3, 1), candidates).ruleset, "self");
  EXPECT_EQ(rules_of_table(table_of(2, 2, "self+budget=5"), candidates).ruleset, "self");
  EXPECT_THROW(rules_of_table(table_of(2, 5), candidates), UserError);
  candidates[1].trials_per_study = 5;
  EXPECT_THROW(rules_of_table(table_of(3, 5), candidates), UserError);
}

}  // namespace
}  // namespace timetrial
