#include "results/tables/sweep_progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_up_trials.h"
#include "results/store/store.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

TrialPlan plan(const std::string& directory, const std::string& submission, int64_t jobs = 1) {
  return {directory, "demo", submission, "mnist", 20, jobs, 1000};
}

class SweepProgressTest : public testing::Test {
 protected:
  void run(const std::string& directory, const std::string& submission, std::vector<JournalRecord> records) {
    records.insert(records.begin(), made_up_start(static_cast<double>(++runs_)));
    store_.add(made_up_spec({submission, "mnist"}), records, directory);
  }

  SweepProgress progress(const std::string& running = "") {
    return sweep_progress(store_.progress(), "",
                          [&](const std::string& folder) { return folder == running; });
  }

  ScratchDirectory folder_;
  Store store_{folder_ / "results.sqlite"};
  int runs_ = 0;
};

TEST_F(SweepProgressTest, CountsWhatIsDoneRunningAndWaiting) {
  store_.plan({plan("/t/1", "adamw"), plan("/t/2", "adamw"), plan("/t/3", "lion"), plan("/t/4", "lion")});
  run("/t/1", "adamw", {made_up_evaluation(10, 2, 0.95), made_up_outcome(Outcome::target_reached, 10, 2)});
  run("/t/2", "adamw", {made_up_outcome(Outcome::diverged, 5, 1)});
  run("/t/3", "lion", {made_up_evaluation(10, 5, 0.5)});
  const SweepProgress seen = progress("/t/3");
  const WorkloadProgress& mnist = seen.workloads.at("mnist");
  EXPECT_EQ(mnist.trials, 4);
  EXPECT_EQ(mnist.done, 2);
  EXPECT_EQ(mnist.trouble, 1);
  EXPECT_EQ(mnist.running, 1);
  EXPECT_EQ(mnist.reached, 1);
  EXPECT_EQ(mnist.best_submission, "adamw");
  EXPECT_EQ(mnist.best_seconds, 2);
  ASSERT_EQ(seen.running.size(), 1U);
  EXPECT_EQ(seen.running[0].last_step, 10);
  const std::string table = sweep_progress_table(seen);
  EXPECT_THAT(table, HasSubstr("target after 2.00 s (adamw)"));
  EXPECT_THAT(table, HasSubstr("running: lion on mnist, 5.0 of 20 s, step 10"));
}

// Ended: budgets 20 + 20, walls 2 * (0.9375 + 1.25 * 8). Left: 15 of the running one and 20 that wait, two at
// a time.
TEST_F(SweepProgressTest, EstimatesFromWhatEndedTrialsTook) {
  store_.plan({plan("/t/1", "a", 2), plan("/t/2", "a", 2), plan("/t/3", "a", 2), plan("/t/4", "a", 2)});
  run("/t/1", "a", {made_up_outcome(Outcome::target_reached, 10, 8)});
  run("/t/2", "a", {made_up_outcome(Outcome::target_reached, 10, 8)});
  run("/t/3", "a", {made_up_evaluation(10, 5, 0.5)});
  EXPECT_DOUBLE_EQ(*progress("/t/3").seconds_left, 35 * (2 * 10.9375 / 40) / 2);
}

TEST_F(SweepProgressTest, BeforeAnyTargetTheBestValueLeads) {
  run("/t/1", "a", {made_up_evaluation(10, 5, 0.5)});
  run("/t/2", "b", {made_up_evaluation(10, 9, 0.7)});
  const WorkloadProgress mnist = progress().workloads.at("mnist");
  EXPECT_EQ(mnist.trials, 2);  // they were not planned, and are seen all the same
  EXPECT_EQ(mnist.best_submission, "b");
  EXPECT_EQ(mnist.best_value, 0.7);
  EXPECT_FALSE(mnist.best_seconds.has_value());
}

TEST_F(SweepProgressTest, PlanningAgainAddsNothing) {
  store_.plan({plan("/t/1", "a")});
  store_.plan({plan("/t/1", "a"), plan("/t/2", "a")});
  EXPECT_EQ(progress().total.trials, 2);
}

TEST(Duration, IsReadable) {
  EXPECT_EQ(duration_text(12.4), "12 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
}

}  // namespace
}  // namespace timetrial
