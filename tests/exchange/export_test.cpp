#include <cmath>
#include <csignal>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "../results/made_up_trials.h"
#include "../temporary_folder.h"
#include "harness/controller/contest_rules.h"
#include "harness/errors/user_error.h"
#include "logs.h"
#include "problems.h"
#include "results/exchange/algoperf_export.h"
#include "results/exchange/algoperf_import.h"
#include "results/exchange/csv_export.h"
#include "results/exchange/csv_import.h"
#include "results/exchange/exported_trials.h"
#include "results/scoring/score.h"
#include "results/tables/score_json.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

// Two submissions, two studies: one with the target reached, one trial that failed before its first
// evaluation.
std::vector<TrialResult> made_up_trials() {
  std::vector<TrialResult> trials;
  for (int64_t study = 0; study < 2; ++study) {
    trials.push_back(made_up_trial({"adamw", "mnist", study, 0}, {{0.1, 0.5}, {1.0 / 3, 0.91}}));
    trials.push_back(made_up_trial({"adamw", "mnist", study, 1}, {{0.2, 0.5}, {0.7, 0.95}}));
  }
  trials.push_back(made_up_trial({"sgd", "mnist", 0, 0}, {{0.1, 0.5}, {0.8, 0.9}}));
  trials.push_back(made_up_trial({"sgd", "mnist", 1, 0}, {}));
  for (TrialResult& trial : trials) {
    trial.spec.target.test = 0.89;
    trial.outcome.front().outcome = trial.evaluations.empty() ? Outcome::failed : Outcome::target_reached;
  }
  trials[1].outcome.clear();
  return trials;
}

std::string score_of(const std::vector<TrialResult>& trials) {
  return score_json(compute_score(trials, {}), {});
}

class Export : public FolderTest {
 protected:
  fs::path logs_ = folder_ / "logs";
  Store store_ = Store(folder_ / "results.sqlite");
};

TEST_F(Export, AlgoperfAndBackGivesTheSameTrialsAndScores) {
  const std::vector<TrialResult> trials = made_up_trials();
  EXPECT_EQ(export_algoperf(trials, logs_).trials, trials.size());
  EXPECT_TRUE(fs::exists(logs_ / "adamw/study_1/mnist_pytorch/trial_2/eval_measurements.csv"));
  EXPECT_FALSE(fs::exists(logs_ / "sgd/study_1/mnist_pytorch/trial_1/eval_measurements.csv"));
  const ImportSummary summary = store_trials(read_algoperf(logs_, import_candidates("")), store_);
  EXPECT_FALSE(summary.left_something_out());
  const std::vector<TrialResult> back = store_.trials();
  ASSERT_EQ(back.size(), trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i) {
    EXPECT_EQ(trial_spec_to_json(back[i].spec), trial_spec_to_json(trials[i].spec));
    EXPECT_EQ(record_to_json(back[i].starts.at(0)), record_to_json(trials[i].starts.at(0)));
    EXPECT_EQ(back[i].outcome.size(), trials[i].outcome.size());
  }
  EXPECT_EQ(score_of(back), score_of(trials));
  EXPECT_EQ(store_trials(read_algoperf(logs_, import_candidates("")), store_).unchanged, std::ssize(trials));
}

TEST_F(Export, AnImportFindsTheOriginalInTheResultFile) {
  const TrialResult original = made_up_trials().front();
  std::vector<JournalRecord> records = {original.starts[0]};
  records.emplace_back(CheckpointRecord{});
  for (const EvaluationRecord& evaluation : original.evaluations) records.emplace_back(evaluation);
  records.emplace_back(original.outcome[0]);
  store_.add(original.spec, records, "here");
  export_algoperf(store_.trials(), logs_);
  const ImportSummary summary = store_trials(read_algoperf(logs_, import_candidates("")), store_);
  EXPECT_EQ(summary.unchanged, 1);
  EXPECT_EQ(count_of(summary.problems, ProblemKind::already_stored), 1);
  EXPECT_FALSE(summary.left_something_out());
  EXPECT_EQ(store_.trials().size(), 1U);
}

TEST_F(Export, TheTableOfEvaluationsHasAlgoperfsColumns) {
  TrialResult trial = made_up_trial({}, {{1.0 / 3, 0.5}});
  trial.evaluations[0].metrics = {{"validation/accuracy", 0.1}, {"test/accuracy", NAN}};
  trial.evaluations[0].wall_seconds = 2;
  trial.evaluations[0].evaluation_seconds = 1.5;
  EXPECT_EQ(algoperf_evaluations_csv(trial),
            "accumulated_eval_time,accumulated_logging_time,accumulated_submission_time,global_step,"
            "preemption_count,"
            "score,total_duration,test/accuracy,validation/accuracy\n"
            "1.5,0,0.3333333333333333,10,0,0.3333333333333333,2,nan,0.1\n");
}

TEST_F(Export, CsvAndBackGivesTheSameScores) {
  const std::vector<TrialResult> trials = made_up_trials();
  const TidyCsv tables = tidy_csv(trials);
  write(folder_ / "evals.csv", tables.evaluations);
  write(folder_ / "trials.csv", tables.trials);
  // Neither knows mnist's rules: they come with the table.
  const ImportSummary summary =
      store_trials(read_csv(folder_ / "evals.csv", folder_ / "trials.csv", import_candidates("")), store_);
  EXPECT_FALSE(summary.left_something_out());
  const std::vector<TrialResult> back = store_.trials();
  ASSERT_EQ(back.size(), trials.size());
  EXPECT_EQ(back[0].evaluations.at(1).submission_seconds, 1.0 / 3);
  EXPECT_EQ(back[0].spec.hyperparameters, trials[0].spec.hyperparameters);
  EXPECT_EQ(back.back().outcome.at(0).outcome, Outcome::failed);
  EXPECT_TRUE(back[1].outcome.empty());
  EXPECT_EQ(tidy_csv(back).evaluations.size(), tables.evaluations.size());
  Score again = compute_score(back, {});
  const Score before = compute_score(trials, {});
  EXPECT_EQ(again.time_to_target, before.time_to_target);
  EXPECT_EQ(again.profile.scores, before.profile.scores);
}

TEST_F(Export, HoldsTheNewestRunOfATrial) {
  std::vector<TrialResult> trials(2, made_up_trial({}, {{1, 0.5}}));
  trials[1].evaluations[0].step = 99;
  const auto chosen = trials_to_export(trials);
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(chosen[0]->evaluations[0].step, 99);
}

TEST_F(Export, ImportedTrialsKeepTheirNumberAndFramework) {
  TrialResult imported = made_up_trial({"adamw", "ogbg", 3, 4}, {});
  imported.starts[0].provenance = {{"origin", "algoperf"}, {"framework", "jax"}};
  const TrialResult ours = made_up_trial({"adamw", "ogbg", 4, 4}, {});
  EXPECT_EQ(algoperf_paths({&imported}).at(0), "adamw/study_3/ogbg_jax/trial_4");
  EXPECT_EQ(algoperf_paths({&ours}).at(0), "adamw/study_4/ogbg_pytorch/trial_5");
  EXPECT_EQ(algoperf_paths({&imported, &ours}).at(1), "adamw/study_4/ogbg_jax/trial_5");
}

TEST_F(Export, RefusesDirectoriesThatAreNotItsOwn) {
  const std::vector<TrialResult> trials = made_up_trials();
  write_text(logs_ / "adamw/notes.txt", "mine");
  EXPECT_THROW(export_algoperf(trials, logs_), UserError);
  EXPECT_EQ(read(logs_ / "adamw/notes.txt"), "mine");
  write_logged_trial(folder_ / "others/adamw/study_0/mnist_pytorch/trial_1", {});
  EXPECT_THROW(export_algoperf(trials, folder_ / "others"), UserError);
  write_text(folder_ / "file", "");
  EXPECT_THROW(export_algoperf(trials, folder_ / "file"), UserError);
}

TEST_F(Export, BringsAnEarlierExportUpToDate) {
  std::vector<TrialResult> trials = made_up_trials();
  export_algoperf(trials, logs_);
  trials.push_back(made_up_trial({"sgd", "mnist", 0, 1}, {{1, 0.5}}));
  EXPECT_EQ(export_algoperf(trials, logs_).trials, trials.size());
  EXPECT_TRUE(fs::exists(logs_ / "sgd/study_0/mnist_pytorch/trial_2"));
  trials.erase(trials.begin());  // its directory would count in a score
  EXPECT_THROW(export_algoperf(trials, logs_), UserError);
}

TEST_F(Export, RefusesNamesThatLeaveTheDirectory) {
  EXPECT_THROW(export_algoperf({made_up_trial({"..", "mnist", 0, 0}, {})}, logs_), UserError);
  EXPECT_THROW(export_algoperf({made_up_trial({"a/b", "mnist", 0, 0}, {})}, logs_), UserError);
}

// No file may grow beyond a few bytes, which looks like a full disk to a writer.
class SmallFiles {
 public:
  SmallFiles() {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{16, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallFiles() { setrlimit(RLIMIT_FSIZE, &before_); }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
};

TEST_F(Export, LeavesFilesWholeWhenTheDiskIsFull) {
  const std::vector<TrialResult> trials = made_up_trials();
  export_algoperf(trials, logs_);
  const fs::path identity = logs_ / "adamw/study_0/mnist_pytorch/trial_1/timetrial.json";
  const std::string before = read(identity);
  bool refused = false;
  {
    const SmallFiles small;
    try {
      export_algoperf(trials, logs_);
    } catch (const UserError&) {
      refused = true;
    }
  }
  EXPECT_TRUE(refused);
  EXPECT_EQ(read(identity), before);
  EXPECT_EQ(export_algoperf(trials, logs_).trials, trials.size());
}

}  // namespace
}  // namespace timetrial
