// Trials that are killed at random moments, workers, controllers or both, end as if nothing had happened.
//
// TIMETRIAL_KILLS=200 takes so many kills (10 by default), TIMETRIAL_KILL_SEED=N the moments of an earlier
// run: every batch says which it had.

#include <cmath>
#include <cstdlib>
#include <iostream>

#include "end_to_end.h"
#include "harness/journal/standing_evaluations.h"
#include "random_kills.h"
#include "results/store/sqlite.h"

namespace timetrial {
namespace {

constexpr int64_t kKillsPerBatch = 5;
constexpr int64_t kMostBatches = 40;
constexpr int64_t kSteps = 600;
constexpr int64_t kEvaluationPeriodSteps = 100;

int64_t number_from(const char* variable, int64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoll(text, nullptr, 10);
}

// "0x1.8p-1": two texts are the same if and only if all bits are.
std::string bits_of(double value) {
  char text[64];
  std::snprintf(text, sizeof(text), "%a", value);
  return text;
}

// What must not depend on how often a trial was killed: steps, metrics and losses, no times.
std::vector<std::string> curve_of(const std::vector<EvaluationRecord>& evaluations) {
  std::vector<std::string> curve;
  for (const EvaluationRecord& evaluation : evaluations) {
    std::string line = std::to_string(evaluation.step) + " loss " + bits_of(evaluation.training_loss);
    for (const auto& [name, value] : evaluation.metrics) line += " " + name + " " + bits_of(value);
    curve.push_back(line);
  }
  return curve;
}

// One attempt hands its clock to the next: through a checkpoint that was written before.
void expect_clock_goes_on(const std::vector<JournalRecord>& records) {
  std::vector<CheckpointRecord> checkpoints;
  double evaluated_at = 0;
  for (const JournalRecord& record : records) {
    if (const auto* checkpoint = std::get_if<CheckpointRecord>(&record)) {
      checkpoints.push_back(*checkpoint);
    } else if (const auto* evaluation = std::get_if<EvaluationRecord>(&record)) {
      EXPECT_GT(evaluation->submission_seconds, evaluated_at);
      evaluated_at = evaluation->submission_seconds;
    } else if (const auto* start = std::get_if<StartRecord>(&record)) {
      EXPECT_GE(start->lost_seconds, 0);
      EXPECT_GE(start->gap_wall_seconds, 0);
      evaluated_at = start->resumed_at_seconds;
      if (start->resumed_from_step < 0) {
        EXPECT_EQ(start->resumed_at_seconds, 0);
        continue;
      }
      const auto from = std::find_if(checkpoints.begin(), checkpoints.end(), [&](const CheckpointRecord& c) {
        return c.step == start->resumed_from_step && c.submission_seconds == start->resumed_at_seconds;
      });
      EXPECT_NE(from, checkpoints.end()) << "resumed from step " << start->resumed_from_step;
    }
  }
}

// The clock of the end is that of the last resume and what the last attempt added, to the last millisecond.
void expect_clock_adds_up(const std::vector<JournalRecord>& records, const OutcomeRecord& outcome) {
  double resumed_at = 0;
  for (const JournalRecord& record : records) {
    if (const auto* start = std::get_if<StartRecord>(&record)) resumed_at = start->resumed_at_seconds;
  }
  EXPECT_NEAR(outcome.submission_seconds, resumed_at + outcome.clock.submission + outcome.clock.data_wait,
              0.001 + 0.01 * outcome.submission_seconds);
}

class KilledAtRandom : public EndToEnd, public ::testing::WithParamInterface<int64_t> {
 protected:
  bool is_sweep() const { return GetParam() % 2 == 1; }

  std::vector<std::string> command_in(const std::filesystem::path& place) const {
    CustomRules rules;
    rules.evaluation_period_steps = kEvaluationPeriodSteps;
    rules.checkpoint_period_seconds = 0.05;
    const std::string ruleset = write_rules(rules);
    std::vector<std::string> line = {is_sweep() ? "sweep" : "run", "--ruleset", ruleset};
    if (!is_sweep()) line.insert(line.end(), {"--tier", "mini", "--workload", "mnist"});
    if (is_sweep()) line.insert(line.end(), {"--jobs", "2"});
    for (const char* name : {"sync_free_adamw", "adamw", "nesterov_momentum"}) {
      line.insert(line.end(), {"--submission", submission(name)});
      if (!is_sweep()) break;
    }
    line.insert(line.end(), {"--max-steps", std::to_string(kSteps), "--ignore-targets", "--threads", "1",
                             "--results", place.string()});
    return line;
  }

  // Lets the command run and kills it until it is through, or `most` kills were made; then lets it end.
  void run_and_kill(const std::filesystem::path& place, RandomKills& kills, int64_t most, double longest) {
    const int64_t before = kills.kills();
    for (int64_t starts = 0;; ++starts) {
      ASSERT_LT(starts, 10 * kKillsPerBatch) << "it does not get through";
      Program program(command(command_in(place)));
      bool is_alive = true;
      while (is_alive && kills.kills() - before < most) {
        if (const auto end = program.wait(kills.moment(longest))) {
          if (end->exit_code == kDone) return;
          ASSERT_EQ(end->exit_code, kInterrupted) << end->output;
          is_alive = false;
        } else {
          kills.aim(program);
          kills.kill(program);
          is_alive = program.id() > 0;
        }
      }
      if (!is_alive) continue;
      const ProgramEnd end = program.finish();
      if (end.exit_code == kDone) return;
      ASSERT_EQ(end.exit_code, kInterrupted) << end.output;
    }
  }

  void expect_as_if_never_killed(const std::filesystem::path& place,
                                 const std::filesystem::path& reference) const {
    const std::vector<std::filesystem::path> trials = trial_directories(place);
    const std::vector<std::filesystem::path> expected = trial_directories(reference);
    ASSERT_EQ(trials.size(), expected.size());
    for (size_t i = 0; i < trials.size(); ++i) {
      SCOPED_TRACE(trials[i].string());
      const JournalContents journal = read_journal(trials[i]);
      EXPECT_THAT(journal.problems, ::testing::IsEmpty());
      EXPECT_THAT(records_of<WarningRecord>(trials[i]),
                  ::testing::Each(::testing::Field(&WarningRecord::message,
                                                   ::testing::Not(::testing::HasSubstr("damaged")))));
      const OutcomeRecord outcome = outcome_record(trials[i]);
      EXPECT_EQ(outcome.outcome, Outcome::step_limit) << outcome.message;
      EXPECT_EQ(outcome.step, kSteps);
      EXPECT_FALSE(outcome.parameters_hash.empty());
      EXPECT_EQ(outcome.parameters_hash, final_hash(expected[i]));
      const std::vector<std::string> curve = curve_of(standing_evaluations(journal.records));
      EXPECT_EQ(curve, curve_of(standing_evaluations(read_journal(expected[i]).records)));
      EXPECT_EQ(std::ssize(curve), 1 + kSteps / kEvaluationPeriodSteps);
      expect_clock_goes_on(journal.records);
      expect_clock_adds_up(journal.records, outcome);
    }
    expect_sound_database(place);
  }

  // Every evaluation that stands is there once, and nothing else.
  static void expect_sound_database(const std::filesystem::path& place) {
    const std::vector<TrialResult> trials = stored(place);
    EXPECT_EQ(trials.size(), trial_directories(place).size());
    for (const TrialResult& trial : trials) {
      const auto standing = standing_evaluations(read_journal(trial.directory).records);
      EXPECT_EQ(curve_of(trial.evaluations), curve_of(standing)) << trial.directory;
      EXPECT_EQ(trial.outcome.size(), 1U) << trial.directory;
    }
    Database database(place / "results.sqlite", OpenMode::read_only, std::chrono::seconds(10));
    Statement check(database, "PRAGMA integrity_check");
    ASSERT_TRUE(check.step());
    EXPECT_EQ(check.text(0), "ok");
    EXPECT_EQ(database.query_integer("SELECT count(*) FROM pragma_foreign_key_check"), 0);
  }
};

TEST_P(KilledAtRandom, EndsAsIfItHadNeverBeen) {
  const int64_t batch = GetParam();
  if (batch * kKillsPerBatch >= number_from("TIMETRIAL_KILLS", 2 * kKillsPerBatch))
    GTEST_SKIP() << "of the long form: TIMETRIAL_KILLS=" << kMostBatches * kKillsPerBatch;
  const auto seed = static_cast<uint64_t>(number_from("TIMETRIAL_KILL_SEED", std::random_device()()));
  SCOPED_TRACE("TIMETRIAL_KILL_SEED=" + std::to_string(seed));

  const std::filesystem::path reference = folder() / "reference";
  const auto begin = std::chrono::steady_clock::now();
  const ProgramEnd end = timetrial(command_in(reference));
  ASSERT_EQ(end.exit_code, kDone) << end.output;
  const std::chrono::duration<double> undisturbed = std::chrono::steady_clock::now() - begin;

  RandomKills all(seed + static_cast<uint64_t>(batch), results(), kEvaluationPeriodSteps);
  for (int64_t round = 0; all.kills() < kKillsPerBatch; ++round) {
    ASSERT_LT(round, 3 * kKillsPerBatch) << "trials end before they can be killed";
    const std::filesystem::path place = results() / std::to_string(round);
    ASSERT_NO_FATAL_FAILURE(run_and_kill(place, all, kKillsPerBatch - all.kills(), undisturbed.count()));
    ASSERT_NO_FATAL_FAILURE(expect_as_if_never_killed(place, reference));
  }
  std::cout << "seed " << seed << ", batch " << batch << ": " << all.summary() << "; undisturbed "
            << undisturbed.count() << " s" << std::endl;
}

INSTANTIATE_TEST_SUITE_P(Batches, KilledAtRandom, ::testing::Range(int64_t{0}, kMostBatches));

}  // namespace
}  // namespace timetrial
