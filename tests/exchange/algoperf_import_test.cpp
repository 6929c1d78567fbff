#include "results/exchange/algoperf_import.h"

#include <cmath>

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "harness/controller/contest_rules.h"
#include "harness/errors/user_error.h"
#include "logs.h"
#include "problems.h"
#include "results/exchange/csv_reader.h"
#include "results/exchange/file_contents.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

class AlgoperfImport : public testing::Test {
 protected:
  ImportSummary import(const fs::path& directory) {
    Store store(folder_.path() / "results.sqlite");
    return store_trials(read_algoperf(directory, {small_rules()}), store);
  }
  ImportSummary import() { return import(logs_); }
  std::vector<TrialResult> trials() { return Store(folder_.path() / "results.sqlite").trials(); }
  fs::path trial(const std::string& place) { return logs_ / place; }

  const TemporaryFolder folder_;
  const fs::path logs_ = folder_.path() / "logs";
};

TEST_F(AlgoperfImport, ReadsAllFilesOfATrial) {
  write_logged_trial(trial("adamw/study_2/ogbg_jax/trial_3"), {{10, 1.5, "0.7"}, {20, 95, "0.65"}});
  const ImportSummary summary = import();
  EXPECT_EQ(summary.added, 1);
  EXPECT_EQ(summary.evaluations, 2);
  EXPECT_EQ(only(summary.problems, ProblemKind::missing_trials).detail, "without 1, 2");
  const TrialResult stored = trials().at(0);
  EXPECT_EQ(stored.spec.submission, "adamw");
  EXPECT_EQ(stored.spec.study, 2);
  EXPECT_EQ(stored.spec.trial, 3);
  EXPECT_EQ(stored.spec.seed, 77U);
  EXPECT_EQ(stored.spec.ruleset, "small");
  EXPECT_EQ(
      stored.spec.hyperparameters,
      (HyperparameterMap{{"learning_rate", 0.25}, {"nesterov", true}, {"name", "a"}, {"none", "null"}}));
  EXPECT_EQ(stored.starts.at(0).machine.at("gpu"), "8 x Some GPU");
  EXPECT_EQ(stored.starts.at(0).provenance.at("origin"), "algoperf");
  EXPECT_EQ(stored.starts.at(0).provenance.at("commit"), "abc");
  EXPECT_EQ(stored.evaluations.at(0).step, 10);
  EXPECT_EQ(stored.evaluations[0].submission_seconds, 1.5);
  EXPECT_EQ(stored.evaluations[0].logging_seconds, 0.25);
  EXPECT_EQ(
      stored.evaluations[0].metrics,
      (std::map<std::string, double>{{"test/loss", 0.7}, {"train/loss", 0.7}, {"validation/loss", 0.7}}));
  EXPECT_EQ(stored.outcome.at(0).outcome, Outcome::budget_exhausted);
}

TEST_F(AlgoperfImport, AgainAndFromElsewhereIsTheSameTrial) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  import();
  EXPECT_EQ(import().unchanged, 1);
  fs::rename(logs_, folder_.path() / "moved");
  EXPECT_EQ(import(folder_.path() / "moved/adamw").unchanged, 1);
  EXPECT_EQ(trials().size(), 1U);
}

TEST_F(AlgoperfImport, AGrownLogAddsWhatIsNew) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  import();
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}, {20, 2, "0.6"}});
  EXPECT_EQ(import().grown, 1);
  EXPECT_EQ(trials().at(0).evaluations.size(), 2U);
}

TEST_F(AlgoperfImport, AChangedLogLeavesWhatIsStored) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  import();
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.1"}});
  const ImportSummary summary = import();
  EXPECT_TRUE(only(summary.problems, ProblemKind::changed_since).left_out);
  EXPECT_EQ(trials().at(0).evaluations.at(0).metrics.at("validation/loss"), 0.7);
}

TEST_F(AlgoperfImport, PoolsDirectoriesWithTimeStamps) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  write_logged_trial(trial("adamw-2024-01-31-12-00-00/study_0/ogbg_jax/trial_1"), {{10, 2, "0.7"}});
  write_logged_trial(trial("adamw-2024-01-31-12-00-00/study_0/ogbg_jax/trial_2"), {{10, 3, "0.7"}});
  const ImportSummary summary = import();
  EXPECT_EQ(summary.submissions.size(), 1U);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::pooled_directories), 1);
  EXPECT_EQ(only(summary.problems, ProblemKind::renumbered_trial).detail, "now 3");
  std::map<int64_t, double> seconds;
  for (const TrialResult& stored : trials())
    seconds[stored.spec.trial] = stored.evaluations.at(0).submission_seconds;
  EXPECT_EQ(seconds, (std::map<int64_t, double>{{1, 1}, {2, 3}, {3, 2}}));
  EXPECT_EQ(import().unchanged, 3);
}

TEST_F(AlgoperfImport, DoesNotPoolAcrossFolders) {
  write_logged_trial(trial("external_tuning/adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  write_logged_trial(trial("self_tuning/adamw/study_0/ogbg_jax/trial_1"), {{10, 2, "0.7"}});
  EXPECT_EQ(count_of(import().problems, ProblemKind::renumbered_trial), 0);
}

TEST_F(AlgoperfImport, CountsBothFrameworks) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  write_logged_trial(trial("adamw/study_0/ogbg_pytorch/trial_1"), {{10, 2, "0.7"}});
  const ImportSummary summary = import();
  EXPECT_EQ(summary.added, 2);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::two_frameworks), 1);
  EXPECT_EQ(only(summary.problems, ProblemKind::renumbered_trial).detail, "now 2");
}

TEST_F(AlgoperfImport, ReportsStrayAndEmptyDirectories) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  write_logged_trial(trial("adamw/study_0/trial_1"), {{10, 1, "0.1"}});
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1_old"), {{10, 1, "0.1"}});
  fs::create_directories(trial("adamw/study_0/mnist_pytorch"));
  fs::create_directories(trial("adamw/notes"));
  fs::create_directories(trial("tools"));
  const ImportSummary summary = import();
  EXPECT_EQ(summary.trials, 1);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::stray_directory), 4);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::empty_workload), 1);
  EXPECT_FALSE(summary.left_something_out());
}

TEST_F(AlgoperfImport, NumbersStudiesWithoutANumber) {
  write_logged_trial(trial("adamw/first/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  write_logged_trial(trial("adamw/second/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  const ImportSummary summary = import();
  EXPECT_EQ(count_of(summary.problems, ProblemKind::numbered_study), 2);
  EXPECT_EQ(summary.studies, (std::set<std::string>{"small/adamw/0", "small/adamw/1"}));
}

TEST_F(AlgoperfImport, SurvivesDamagedFiles) {
  const fs::path good = trial("adamw/study_0/ogbg_jax/trial_1");
  write_logged_trial(good, {{10, 1, "0.7"}, {20, 2, ""}, {30, 3, "nan"}});
  write_text(good / "hparams.json", "{\"learning_rate\": ");
  write_text(good / "meta_data_0.json", "[]");
  const fs::path ragged = trial("adamw/study_0/ogbg_jax/trial_2");
  write_text(ragged / "eval_measurements.csv", evaluation_csv({{10, 1, "0.7"}}) + "1,2\n");
  const fs::path other = trial("adamw/study_0/ogbg_jax/trial_3");
  write_text(other / "eval_measurements.csv", "a,b\n1,2\n");
  const fs::path header_only = trial("adamw/study_0/ogbg_jax/trial_4");
  write_text(header_only / "eval_measurements.csv", evaluation_csv({}));
  const fs::path empty = trial("adamw/study_0/ogbg_jax/trial_5");
  write_text(empty / "eval_measurements.csv", "");
  const ImportSummary summary = import();
  EXPECT_EQ(summary.added, 4);  // all but the one whose table is another
  EXPECT_EQ(summary.without_evaluations, 2);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::bad_json), 2);
  EXPECT_EQ(only(summary.problems, ProblemKind::ragged_row).where,
            (ragged / "eval_measurements.csv:3").string());
  EXPECT_EQ(only(summary.problems, ProblemKind::missing_column).where,
            (other / "eval_measurements.csv:1").string());
  EXPECT_EQ(only(summary.problems, ProblemKind::not_a_number).detail, "6 of 9 values");
  EXPECT_TRUE(summary.left_something_out());
  // Repaired, it is added, and the others stay.
  write_logged_trial(other, {{10, 1, "0.7"}});
  const ImportSummary again = import();
  EXPECT_EQ(again.added, 1);
}

TEST_F(AlgoperfImport, ARestartSupersedesTheFirstStretch) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"),
                     {{10, 1, "0.9"}, {20, 2, "0.1"}, {15, 1.5, "0.8"}});
  EXPECT_EQ(count_of(import().problems, ProblemKind::restart), 1);
  const std::vector<EvaluationRecord> evaluations = trials().at(0).evaluations;
  ASSERT_EQ(evaluations.size(), 2U);
  EXPECT_EQ(evaluations[1].step, 15);
}

TEST_F(AlgoperfImport, UnknownWorkloadsNeedTheirRulesInTheLogs) {
  write_logged_trial(trial("adamw/study_0/ogbg_gelu_jax/trial_1"), {{10, 1, "0.7"}});
  write_logged_trial(trial("adamw/study_0/other_jax/trial_1"), {{10, 1, "0.7"}});
  write_text(trial("adamw/study_0/ogbg_gelu_jax/trial_1/meta_data_0.json"),
             R"({"workload.target_metric_name": "loss", "workload.validation_target_value": 0.25,
                 "workload.max_allowed_runtime_sec": 50, "workload.eval_period_time_sec": 5})");
  const ImportSummary summary = import();
  EXPECT_EQ(summary.added, 1);
  EXPECT_TRUE(only(summary.problems, ProblemKind::unknown_workload).left_out);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::rules_from_logs), 1);
  const TrialSpec spec = trials().at(0).spec;
  EXPECT_EQ(spec.workload, "ogbg");
  EXPECT_EQ(spec.variant, "gelu");
  EXPECT_EQ(spec.target.validation, 0.25);
}

TEST_F(AlgoperfImport, TheRulesetsTargetCounts) {
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  write_text(trial("adamw/study_0/ogbg_jax/trial_1/meta_data_0.json"),
             R"({"workload.validation_target_value": 0.75})");
  EXPECT_EQ(only(import().problems, ProblemKind::target_differs).detail, "0.75 is logged, 0.5 counts");
  EXPECT_EQ(trials().at(0).spec.target.validation, 0.5);
}

TEST_F(AlgoperfImport, RefusesDirectoriesWithoutLogs) {
  fs::create_directories(logs_ / "a/b/c/d");
  EXPECT_THROW(import(), UserError);
  EXPECT_THROW(import(folder_.path() / "absent"), UserError);
}

TEST_F(AlgoperfImport, TellsTheRulesetByTuningAndBudget) {
  ImportRules early = small_rules();
  ImportRules late = small_rules();
  late.ruleset = "late";
  late.workloads["ogbg"].logged_budget_seconds = 50;
  Store store(folder_.path() / "results.sqlite");
  write_logged_trial(trial("adamw/study_0/ogbg_jax/trial_1"), {{10, 1, "0.7"}});
  // mnist has the same budget in both: the submission beside it tells.
  write_logged_trial(trial("sgd/study_0/mnist_jax/trial_1"), {{10, 1, "0.7"}});
  EXPECT_EQ(store_trials(read_algoperf(logs_, {early, late}), store).rulesets,
            std::set<std::string>{"small"});
  EXPECT_THROW(store_trials(read_algoperf(logs_ / "sgd", {early, late}), store), UserError);
  fs::remove(trial("adamw/study_0/ogbg_jax/trial_1/flags_0.json"));
  EXPECT_THROW(store_trials(read_algoperf(logs_, {early, late}), store), UserError);
}

// Against the inventory that comes with the published sample.
TEST_F(AlgoperfImport, RealLogsAgreeWithTheirInventory) {
  const fs::path golden = fs::path(TIMETRIAL_SOURCE_DIR) / "../shared/golden/scoring";
  if (!fs::exists(golden)) GTEST_SKIP() << "shared/golden/scoring is not beside the repository";
  fs::copy(golden / "raw_sample", logs_, fs::copy_options::recursive);
  for (const auto& entry : fs::recursive_directory_iterator(logs_)) {
    fs::permissions(entry.path(), fs::perms::owner_all, fs::perm_options::add);
  }
  fs::create_directories(logs_ / "external_tuning/baseline/study_1/fastmri_pytorch");
  std::map<std::string, int64_t> expected;
  int64_t evaluations = 0;
  const std::string inventory = file_contents(golden / "raw_sample.trials.csv");
  CsvReader reader(inventory, "inventory");
  ASSERT_TRUE(reader.next());
  while (reader.next()) {
    const std::string status(reader.cells().at(6));
    ++expected[status];
    if (status == "ok") evaluations += std::stoll(std::string(reader.cells().at(7)));
  }
  Store store(folder_.path() / "results.sqlite");
  const ImportSummary summary = store_trials(read_algoperf(logs_, import_candidates("")), store);
  EXPECT_EQ(summary.rulesets, (std::set<std::string>{"algoperf-v0.5-external", "algoperf-v0.5-self"}));
  EXPECT_EQ(summary.added, expected["ok"] + expected["no_eval"]);
  EXPECT_EQ(summary.without_evaluations, expected["no_eval"]);
  EXPECT_EQ(summary.evaluations, evaluations);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::no_evaluations), expected["no_eval"]);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::empty_workload), expected["empty_workload_dir"]);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::stray_directory), expected["stray_not_a_workload"]);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::single_evaluation), 2);
  EXPECT_FALSE(summary.left_something_out());
  EXPECT_EQ(store_trials(read_algoperf(logs_, import_candidates("")), store).unchanged, summary.added);
}

}  // namespace
}  // namespace timetrial
