#include "results/store/fold.h"

#include <cmath>
#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/scoring/special_values.h"
#include "store_fixture.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using FoldTest = StoreTest;

TEST_F(FoldTest, RoundTripsEverythingAboutATrial) {
  TrialSpec spec = made_up_spec({"adamw", "mnist", 1, 2});
  spec.seed = std::numeric_limits<uint64_t>::max();
  EvaluationRecord strange = made_up_evaluation(20, 2.5, kNan);
  strange.metrics["validation/loss"] = -std::numeric_limits<double>::infinity();
  strange.training_loss = kNan;
  std::vector<JournalRecord> records = begun();
  records.insert(records.end(), {strange, CheckpointRecord{20, 2.5, "checkpoint_20", 4096, "00ff00ff"},
                                 WarningRecord{20, "slow"}, made_up_outcome(Outcome::diverged, 20, 2.5)});
  const StepTimesRecord step_times{16, 1, 2, 3, 4, 5, 6, 7, 28};
  const MemoryRecord memory{"caching", true, 10, 20, {{"training", {1, 2, 3}}, {"evaluation", {4, 5, 6}}}};
  const SyncAuditRecord audit{
      100, "cuda calls", {{"update", "one", "a\nb", 3, 0.5}, {"workload", "two", "c", 1, 0.25}}};
  const SyncAuditRecord nothing_found{200, "cuda calls", {}};
  const MachineSamplesRecord machine{7,
                                     1,
                                     0.002,
                                     {{"cpu_mhz", {1, 2, 3}}, {"gpu_watts", {4, 5, 6}}},
                                     {"heat (by the driver)", "power limit"}};
  const MachineSamplesRecord told_nothing{1, 1, 0.001, {}, {}};
  const ReferenceTimesRecord before{"before", {{"memory", 0.1}, {"elementwise", 0.2}}, 0.3};
  const InterruptionRecord interruption{Interruption::preempted, 15, "process 4711", "words", 20, 2.5, 1002};
  const ExhibitRecord exhibit{20, "plan_timeline", R"({"graph": "a \"quoted\" name"})"};
  records.insert(records.end() - 1, {step_times, memory, audit, nothing_found, machine, told_nothing, before,
                                     interruption, exhibit});
  std::get<StartRecord>(records.front()).isolation = "sandbox";
  write_trial(directory_ / "trial", spec, records);

  Store store(file());
  const FoldSummary summary = store.fold(directory_ / "trial");
  EXPECT_TRUE(summary.changed);
  EXPECT_TRUE(summary.finished);
  EXPECT_THAT(summary.problems, IsEmpty());
  const std::vector<TrialResult> trials = store.trials();
  ASSERT_EQ(trials.size(), 1U);
  const TrialResult& trial = trials[0];
  EXPECT_EQ(trial.id, summary.trial_id);
  EXPECT_EQ(trial.directory, (directory_ / "trial").string());
  EXPECT_EQ(trial_spec_to_json(trial.spec), trial_spec_to_json(spec));
  ASSERT_EQ(trial.starts.size(), 1U);
  EXPECT_EQ(record_to_json(trial.starts[0]), record_to_json(records[0]));
  ASSERT_EQ(trial.evaluations.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(record_to_json(trial.evaluations[i]), record_to_json(records[i + 1]));
  EXPECT_TRUE(std::isnan(trial.evaluations[2].metrics.at("validation/accuracy")));
  EXPECT_THAT(trial.warnings, ElementsAre("slow"));
  ASSERT_EQ(trial.outcome.size(), 1U);
  EXPECT_EQ(record_to_json(trial.outcome[0]), record_to_json(records.back()));
  EXPECT_EQ(count("checkpoints"), 1);
  ASSERT_EQ(trial.step_times.size(), 1U);
  EXPECT_EQ(record_to_json(trial.step_times[0]), record_to_json(step_times));
  ASSERT_EQ(trial.memory.size(), 1U);
  EXPECT_EQ(record_to_json(trial.memory[0]), record_to_json(memory));
  ASSERT_EQ(trial.sync_audits.size(), 2U);
  EXPECT_EQ(record_to_json(trial.sync_audits[0]), record_to_json(audit));
  EXPECT_EQ(record_to_json(trial.sync_audits[1]), record_to_json(nothing_found));
  ASSERT_EQ(trial.interruptions.size(), 1U);
  EXPECT_EQ(record_to_json(trial.interruptions[0]), record_to_json(interruption));
  ASSERT_EQ(trial.machine_samples.size(), 2U);
  EXPECT_EQ(record_to_json(trial.machine_samples[0]), record_to_json(machine));
  EXPECT_EQ(record_to_json(trial.machine_samples[1]), record_to_json(told_nothing));
  ASSERT_EQ(trial.reference_times.size(), 1U);
  EXPECT_EQ(record_to_json(trial.reference_times[0]), record_to_json(before));
  ASSERT_EQ(trial.exhibits.size(), 1U);
  EXPECT_EQ(record_to_json(trial.exhibits[0]), record_to_json(exhibit));
}

TEST_F(FoldTest, TellsWhetherTheMachineDrifted) {
  const auto fold_with = [&](const std::string& name, double allowed, std::vector<double> seconds) {
    TrialSpec spec = made_up_spec({"adamw", "mnist", 0, static_cast<int64_t>(name.size())});
    spec.reference_drift = allowed;
    std::vector<JournalRecord> records = begun();
    for (const double measured : seconds)
      records.push_back(ReferenceTimesRecord{"", {{"memory", measured}}, 0});
    write_trial(directory_ / name, spec, records);
    return Store(file()).fold(directory_ / name).trial_id;
  };
  const int64_t steady = fold_with("a", 0.1, {1, 1.05});
  const int64_t drifted = fold_with("bb", 0.1, {1, 1.2});
  const int64_t half = fold_with("ccc", 0.1, {1});
  const int64_t not_looked_at = fold_with("dddd", 0, {1, 2});
  const ScoringInput input = Store(file()).scored_trials({});
  ASSERT_EQ(input.trials.size(), 4U);
  for (const ScoredTrial& trial : input.trials) EXPECT_EQ(trial.drifted, trial.id == drifted);
  EXPECT_EQ(count("trials WHERE drifted = 0 AND id = " + std::to_string(steady)), 1);
  EXPECT_EQ(count("trials WHERE drifted IS NULL AND id IN (" + std::to_string(half) + ", " +
                  std::to_string(not_looked_at) + ")"),
            2);
  // The other half comes with the next attempt.
  write_trial(directory_ / "ccc", made_up_spec({}), {ReferenceTimesRecord{"after", {{"memory", 1.5}}, 0}});
  Store(file()).fold(directory_ / "ccc");
  EXPECT_EQ(count("trials WHERE drifted = 1 AND id = " + std::to_string(half)), 1);
}

TEST_F(FoldTest, FoldingTheSameDirectoryAgainChangesNothing) {
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  const int64_t id = Store(file()).fold(directory_ / "trial").trial_id;
  for (int i = 0; i < 2; ++i) {
    const FoldSummary again = Store(file()).fold(directory_ / "trial");
    EXPECT_FALSE(again.changed);
    EXPECT_EQ(again.trial_id, id);
  }
  EXPECT_EQ(count("trials"), 1);
  EXPECT_EQ(count("evaluations"), 2);
  EXPECT_EQ(count("attempts"), 1);
}

TEST_F(FoldTest, AGrownJournalAddsOnlyTheNewRecords) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  EXPECT_FALSE(store.fold(directory_ / "trial").finished);
  EXPECT_THAT(store.trials()[0].outcome, IsEmpty());
  write_trial(directory_ / "trial", made_up_spec({}),
              {made_up_evaluation(20, 3, 0.95), made_up_outcome(Outcome::target_reached, 20, 3)});
  const FoldSummary grown = store.fold(directory_ / "trial");
  EXPECT_TRUE(grown.changed);
  EXPECT_TRUE(grown.finished);
  const std::vector<TrialResult> trials = store.trials();
  ASSERT_EQ(trials.size(), 1U);
  EXPECT_THAT(steps_of(trials[0]), ElementsAre(1, 10, 20));
  EXPECT_EQ(trials[0].outcome.front().outcome, Outcome::target_reached);
}

TEST_F(FoldTest, ARerunIsANewTrialAndAMovedDirectoryIsNot) {
  Store store(file());
  write_trial(directory_ / "first", made_up_spec({}), begun(1000));
  write_trial(directory_ / "rerun", made_up_spec({}), begun(5000));
  store.fold(directory_ / "first");
  EXPECT_TRUE(store.fold(directory_ / "rerun").changed);
  std::filesystem::rename(directory_ / "first", directory_ / "moved");
  EXPECT_FALSE(store.fold(directory_ / "moved").changed);
  EXPECT_EQ(store.trials().size(), 2U);
}

TEST_F(FoldTest, ARerunInTheSameDirectoryIsANewTrial) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun(1000));
  store.fold(directory_ / "trial");
  std::filesystem::remove_all(directory_ / "trial");
  write_trial(directory_ / "trial", made_up_spec({}), begun(5000));
  EXPECT_TRUE(store.fold(directory_ / "trial").changed);
  EXPECT_EQ(store.trials().size(), 2U);
}

TEST_F(FoldTest, ATrialThatHasNotBegunIsNotStored) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), {});
  const FoldSummary summary = store.fold(directory_ / "trial");
  EXPECT_FALSE(summary.changed);
  EXPECT_EQ(summary.trial_id, 0);
  EXPECT_THAT(store.trials(), IsEmpty());
}

TEST_F(FoldTest, ADirectoryWithoutSpecIsRefused) {
  Store store(file());
  EXPECT_THAT(error_of([&] { store.fold(directory_ / "absent"); }), HasSubstr("absent"));
}

TEST_F(FoldTest, AResumedStretchSupersedesTheEarlierEvaluationsBehindIt) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  write_trial(directory_ / "trial", made_up_spec({}), {made_up_evaluation(20, 3, 0.91)});
  store.fold(directory_ / "trial");  // the re-run stretch may have been folded before the resume
  StartRecord resumed = made_up_start(2000);
  resumed.attempt = 2;
  resumed.resumed_from_step = 10;
  write_trial(directory_ / "trial", made_up_spec({}), {resumed, made_up_evaluation(21, 3.5, 0.6)});
  store.fold(directory_ / "trial");
  const std::vector<TrialResult> trials = store.trials();
  EXPECT_THAT(steps_of(trials[0]), ElementsAre(1, 10, 21));
  EXPECT_EQ(trials[0].starts.size(), 2U);
  EXPECT_EQ(count("evaluations"), 4);
  EXPECT_EQ(count("evaluations WHERE superseded_by IS NOT NULL"), 1);
}

TEST_F(FoldTest, ARestartFromTheBeginningSupersedesEverything) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  write_trial(directory_ / "trial", made_up_spec({}), {made_up_start(2000), made_up_evaluation(1, 0.5, 0.2)});
  store.fold(directory_ / "trial");
  EXPECT_THAT(steps_of(store.trials()[0]), ElementsAre(1));
  EXPECT_EQ(store.trials()[0].evaluations[0].submission_seconds, 0.5);
}

TEST_F(FoldTest, AnOutcomeThatAnotherAttemptFollowsIsNotTheEnd) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  write_trial(directory_ / "trial", made_up_spec({}),
              {made_up_outcome(Outcome::crashed, 10, 2), made_up_start(3000)});
  EXPECT_FALSE(store.fold(directory_ / "trial").finished);
  EXPECT_THAT(store.trials()[0].outcome, IsEmpty());
}

TEST_F(FoldTest, ATornJournalCountsUpToItsLastWholeRecord) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  std::ofstream(journal_path(directory_ / "trial"), std::ios::app) << "12345678 {\"type\":\"evalu";
  EXPECT_TRUE(store.fold(directory_ / "trial").changed);
  EXPECT_THAT(steps_of(store.trials()[0]), ElementsAre(1, 10));
  write_trial(directory_ / "trial", made_up_spec({}),
              {made_up_evaluation(20, 3, 0.9)});  // cuts the torn tail
  EXPECT_TRUE(store.fold(directory_ / "trial").changed);
  EXPECT_THAT(steps_of(store.trials()[0]), ElementsAre(1, 10, 20));
}

TEST_F(FoldTest, ADamagedLineIsReportedAndTheRestCounts) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  const std::filesystem::path journal = journal_path(directory_ / "trial");
  std::string first_line;
  std::getline(std::ifstream(journal), first_line);
  std::fstream(journal, std::ios::in | std::ios::out)
      .seekp(static_cast<int64_t>(first_line.size()) + 20)
      .put('#');
  const FoldSummary summary = store.fold(directory_ / "trial");
  ASSERT_EQ(summary.problems.size(), 1U);
  EXPECT_THAT(summary.problems[0], AllOf(HasSubstr("journal.log"), HasSubstr("line 2")));
  EXPECT_THAT(steps_of(store.trials()[0]), ElementsAre(10));
}

TEST_F(FoldTest, AJournalThatLostWhatWasStoredIsReportedAndAddsNothing) {
  Store store(file());
  write_trial(directory_ / "trial", made_up_spec({}), begun());
  store.fold(directory_ / "trial");
  std::filesystem::remove(journal_path(directory_ / "trial"));
  write_trial(directory_ / "trial", made_up_spec({}), {begun()[0], made_up_evaluation(2, 0.5, 0.3)});
  const FoldSummary summary = store.fold(directory_ / "trial");
  EXPECT_FALSE(summary.changed);
  ASSERT_EQ(summary.problems.size(), 1U);
  EXPECT_THAT(steps_of(store.trials()[0]), ElementsAre(1, 10));
}

}  // namespace
}  // namespace timetrial
