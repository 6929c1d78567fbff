#include "harness/cluster/unattended_trials.h"

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/controller/sweep_plan.h"
#include "harness/journal/journal.h"

namespace timetrial {
namespace {

class Unattended : public FolderTest {
 protected:
  void plan(SweepKind kind, const std::string& submission, int64_t count) {
    std::vector<TrialSpec> specs;
    for (int64_t i = 0; i < count; ++i) {
      TrialSpec spec;
      spec.submission = submission;
      spec.trial = i;
      spec.budget_seconds = spec.evaluation_period_seconds = 1;
      spec.default_batch_size = spec.evaluation_batch_size = 1;
      specs.push_back(spec);
    }
    const SweepPlan made = make_sweep_plan(specs, kind, 0);
    write_sweep_plan(folder_, made, specs);
    for (const auto& directory : trial_directories_of(folder_, made)) directories_.push_back(directory);
  }
  void append(size_t trial, const JournalRecord& record) const {
    JournalWriter(directories_[trial]).append(record);
  }

  std::vector<std::filesystem::path> directories_;
  Store store_{folder_ / "results.sqlite"};
};

TEST_F(Unattended, AreFoldedAsTheyGrow) {
  plan(SweepKind::slurm, "a", 3);
  UnattendedTrials trials(folder_, {});
  EXPECT_EQ(trials.open(), 3U);
  EXPECT_EQ(trials.fold(store_, 60).folded, 0);
  append(0, StartRecord{});
  append(2, StartRecord{});
  EXPECT_EQ(trials.fold(store_, 60).folded, 2);
  EXPECT_EQ(trials.fold(store_, 60).folded, 0);
  append(2, OutcomeRecord{});
  EXPECT_EQ(trials.fold(store_, 60).folded, 1);
  EXPECT_EQ(trials.open(), 2U);
  EXPECT_EQ(store_.trials().size(), 2U);
}

TEST_F(Unattended, AreNotTheTrialsOfASweepWithAController) {
  plan(SweepKind::local, "a", 1);
  append(0, StartRecord{});
  EXPECT_EQ(UnattendedTrials(folder_, {}).open(), 0U);
}

TEST_F(Unattended, LeaveOutWhatTheResultFileHasWhole) {
  plan(SweepKind::slurm, "a", 2);
  EXPECT_EQ(UnattendedTrials(folder_, {directories_[0].string()}).open(), 1U);
}

TEST_F(Unattended, GoOnWithTheNextWhereTheTimeWasUp) {
  plan(SweepKind::slurm, "a", 3);
  for (size_t i = 0; i < 3; ++i) {
    append(i, StartRecord{});
    append(i, OutcomeRecord{});
  }
  UnattendedTrials trials(folder_, {});
  int calls = 0;
  while (!trials.fold(store_, 1e-9).all && calls < 1000) ++calls;
  EXPECT_LT(calls, 1000);
  while (trials.open() > 0 && calls < 1000) trials.fold(store_, 60), ++calls;
  EXPECT_EQ(store_.trials().size(), 3U);
}

TEST_F(Unattended, ThatCannotBeReadAreToldAndTheOthersFolded) {
  plan(SweepKind::slurm, "a", 2);
  append(0, StartRecord{});
  append(1, StartRecord{});
  write(directories_[0] / "trial.json", "not JSON");
  UnattendedTrials trials(folder_, {});
  const FoldReport report = trials.fold(store_, 60);
  EXPECT_EQ(report.folded, 1);
  EXPECT_THAT(report.problems, ::testing::ElementsAre(::testing::HasSubstr("not valid JSON")));
}

}  // namespace
}  // namespace timetrial
