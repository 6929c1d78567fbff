// A worker killed without warning, twice at random moments: the trial goes on as if nothing had happened.

#include <random>

#include "../sanitizers/sanitizer.h"
#include "end_to_end.h"
#include "harness/journal/standing_evaluations.h"
#include "running_trial.h"

namespace timetrial {
namespace {

// From the kill back to the last checkpoint: a checkpoint period, a step, and room for a busy machine.
const double kMostLostSeconds = CustomRules().checkpoint_period_seconds + 2.0;

// Of a case, so that its kills come at random moments of some seconds. Under the thread sanitizer a step
// takes tens of times as long.
int64_t affordable(int64_t steps) {
  constexpr int64_t kFewer = 6;
  return kThreadSanitizer ? steps / kFewer : steps;
}

struct KillCase {
  const char* submission;
  const char* workload;
  int64_t steps;
  const char* isolation = "sandbox";
};

void PrintTo(const KillCase& kill, std::ostream* stream) {
  *stream << kill.submission << " on " << kill.workload;
}

class KilledWorker : public EndToEnd, public ::testing::WithParamInterface<KillCase> {
 protected:
  // Runs the trial until a random step in [from, to] and kills its worker.
  void run_and_kill(int64_t from, int64_t to) {
    const int64_t step = std::uniform_int_distribution<int64_t>(from, to)(random_);
    SCOPED_TRACE("killed at step " + std::to_string(step));
    RunningTrial trial(command(arguments_), results());
    ASSERT_TRUE(trial.reaches(step));
    trial.kill_worker();
    const ProgramEnd end = trial.program().finish();
    EXPECT_EQ(end.exit_code, kInterrupted) << end.output;
    EXPECT_THAT(end.output, ::testing::HasSubstr("SIGKILL"));
    EXPECT_THAT(end.output, ::testing::HasSubstr("run the same command again to resume"));
  }

  std::vector<std::string> arguments_;
  std::mt19937_64 random_{std::random_device()()};
};

void expect_resumed_starts(const std::filesystem::path& directory) {
  const std::vector<StartRecord> starts = records_of<StartRecord>(directory);
  const std::vector<CheckpointRecord> checkpoints = records_of<CheckpointRecord>(directory);
  ASSERT_EQ(starts.size(), 3U);
  EXPECT_EQ(starts[0].resumed_from_step, -1);
  for (size_t i = 1; i < starts.size(); ++i) {
    const StartRecord& start = starts[i];
    EXPECT_EQ(start.attempt, static_cast<int64_t>(i) + 1);
    EXPECT_GT(start.resumed_from_step, 0);
    EXPECT_GE(start.lost_seconds, 0.0);
    EXPECT_LE(start.lost_seconds, kMostLostSeconds);
    EXPECT_GT(start.gap_wall_seconds, 0.0);
    EXPECT_LT(start.gap_wall_seconds, 600.0);
    EXPECT_TRUE(std::any_of(checkpoints.begin(), checkpoints.end(),
                            [&](const CheckpointRecord& checkpoint) {
                              return checkpoint.step == start.resumed_from_step &&
                                     checkpoint.submission_seconds == start.resumed_at_seconds;
                            }))
        << "resumed from step " << start.resumed_from_step;
  }
}

TEST_P(KilledWorker, IsResumedExactly) {
  const KillCase& kill = GetParam();
  const int64_t steps = affordable(kill.steps);
  arguments_ = fixed_trial(kill.submission, kill.workload, steps, results());
  arguments_.insert(arguments_.end(), {"--isolation", kill.isolation});
  ASSERT_NO_FATAL_FAILURE(run_and_kill(1, steps / 3));
  ASSERT_NO_FATAL_FAILURE(run_and_kill(steps / 3, steps * 2 / 3));
  const ProgramEnd end = timetrial(arguments_);
  EXPECT_EQ(end.exit_code, kDone) << end.output;

  const std::filesystem::path reference = folder() / "reference";
  EXPECT_EQ(timetrial(fixed_trial(kill.submission, kill.workload, steps, reference)).exit_code, kDone);
  const std::filesystem::path directory = only_trial(results());
  EXPECT_FALSE(final_hash(directory).empty());
  EXPECT_EQ(final_hash(directory), final_hash(only_trial(reference)));

  const OutcomeRecord outcome = outcome_record(directory);
  EXPECT_EQ(outcome.outcome, Outcome::step_limit);
  EXPECT_EQ(outcome.step, steps);
  ASSERT_NO_FATAL_FAILURE(expect_resumed_starts(directory));
  // Every step counts once: what the checkpoint had, and what this attempt added.
  const StartRecord last = records_of<StartRecord>(directory).back();
  EXPECT_NEAR(outcome.submission_seconds,
              last.resumed_at_seconds + outcome.clock.submission + outcome.clock.data_wait,
              0.01 + 0.01 * outcome.submission_seconds);

  const std::vector<EvaluationRecord> standing = standing_evaluations(read_journal(directory).records);
  const std::vector<TrialResult> trials = stored(results());
  ASSERT_EQ(trials.size(), 1U);
  ASSERT_EQ(trials[0].evaluations.size(), standing.size());
  // Every attempt computed the same function, and the result file says so.
  EXPECT_EQ(last.fingerprint.size(), 12U);
  for (const StartRecord& start : trials[0].starts) EXPECT_EQ(start.fingerprint, last.fingerprint);
  ASSERT_FALSE(standing.empty());
  EXPECT_EQ(standing.front().step, 1);
  EXPECT_EQ(standing.back().step, steps);
  for (size_t i = 0; i < standing.size(); ++i) {
    EXPECT_EQ(trials[0].evaluations[i].step, standing[i].step);
    if (i == 0) continue;
    EXPECT_GT(standing[i].step, standing[i - 1].step);
    EXPECT_GT(standing[i].submission_seconds, standing[i - 1].submission_seconds);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Submissions, KilledWorker,
    ::testing::Values(KillCase{"adamw", "mnist", 6000}, KillCase{"nesterov_momentum", "mnist", 6000},
                      KillCase{"sync_free_adamw", "mnist", 6000}, KillCase{"adamw", "criteo1tb", 600},
                      KillCase{"nesterov_momentum", "criteo1tb", 600},
                      KillCase{"sync_free_adamw", "criteo1tb", 600},
                      KillCase{"adamw", "criteo1tb", 600, "strict"}),
    [](const auto& test) {
      return std::string(test.param.submission) + "_" + test.param.workload + "_" + test.param.isolation;
    });

}  // namespace
}  // namespace timetrial
