// A result file of version 1 opens, keeps everything, and goes on growing.

#include <fstream>
#include <limits>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_up_trials.h"
#include "results/scoring/milestones.h"
#include "results/scoring/score.h"
#include "results/scoring/special_values.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

namespace timetrial {
namespace {

using std::chrono::milliseconds;

std::string schema_1() {
  std::ifstream stream(TIMETRIAL_SOURCE_DIR "/tests/results/schema_1.sql");
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<JournalRecord> records_of_version_1() {
  StartRecord resumed = made_up_start(2000);
  resumed.fingerprint.clear();  // version 1 did not take it
  resumed.attempt = 2;
  resumed.resumed_from_step = 10;
  EvaluationRecord lost = made_up_evaluation(20, 2.5, 0.95);
  EvaluationRecord strange = made_up_evaluation(30, 3.5, kNan);
  strange.metrics["train/loss"] = -std::numeric_limits<double>::infinity();
  OutcomeRecord outcome = made_up_outcome(Outcome::target_reached, 40, 4.5);
  outcome.clock.data_wait = 0;  // version 1 did not measure it
  StartRecord first = made_up_start();
  first.fingerprint.clear();
  return {first,   made_up_evaluation(10, 1.5, 0.5), lost,   resumed,
          strange, made_up_evaluation(40, 4.5, 0.9), outcome};
}

// As version 1 wrote it.
class Version1File {
 public:
  Version1File(const std::filesystem::path& file, const TrialSpec& spec, const std::string& directory)
      : database_(file, OpenMode::read_write_create, milliseconds(1000)), records_(records_of_version_1()) {
    database_.execute(schema_1() + "PRAGMA user_version = 1;");
    Statement(database_, "INSERT INTO submissions VALUES (1, ?1, ?2)")
        .bind(spec.submission, spec.submission_sha256)
        .run();
    database_.execute(
        R"(INSERT INTO builds VALUES (1, '{"build":"Release","libtorch":"2.11.0"}');
           INSERT INTO machines VALUES (1, '{"cores":"2","cpu":"Some CPU","host":"node1"}');)");
    Statement(
        database_,
        "INSERT INTO trials VALUES (1, 1, ?1, '', 'mini', 'demo', 1, 'mini', '2-core-cpu', 0, 0, ?2, ?3, ?4, "
        "?5, 7, ?6)")
        .bind(spec.workload, std::to_string(spec.seed), directory, trial_spec_to_json(spec),
              record_to_json(records_.front()), record_to_json(records_.back()))
        .run();
    for (std::size_t i = 0; i < records_.size(); ++i)
      std::visit([&](const auto& r) { add(i, r); }, records_[i]);
    database_.execute("UPDATE evaluations SET superseded_by = 2 WHERE ordinal = 2");
  }

 private:
  void add(std::size_t ordinal, const StartRecord& start) {
    Statement(database_, "INSERT INTO attempts VALUES (?1, 1, ?2, ?1, ?3, ?4, 0.0, 0.0, 0.0, ?5, 1, 1, ?6)")
        .bind(start.attempt, static_cast<int64_t>(ordinal), start.unix_seconds, start.resumed_from_step,
              start.data_set_id, start.timer_overhead_seconds)
        .run();
  }
  void add(std::size_t ordinal, const EvaluationRecord& evaluation) {
    Statement(database_, "INSERT INTO evaluations VALUES (?1, 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)")
        .bind(static_cast<int64_t>(ordinal), evaluation.step, evaluation.submission_seconds,
              evaluation.evaluation_seconds, evaluation.logging_seconds, evaluation.wall_seconds,
              evaluation.training_loss)
        .run();
    for (const auto& [name, value] : evaluation.metrics) {
      Statement(database_, "INSERT INTO metrics VALUES (?1, ?2, ?3)")
          .bind(static_cast<int64_t>(ordinal), name, value)
          .run();
    }
  }
  void add(std::size_t ordinal, const OutcomeRecord& outcome) {
    Statement(database_,
              "INSERT INTO outcomes VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
              "?15, 0)")
        .bind(static_cast<int64_t>(ordinal), to_string(outcome.outcome), outcome.message, outcome.step,
              outcome.submission_seconds, outcome.unix_seconds, outcome.clock.startup,
              outcome.clock.submission, outcome.clock.evaluation, outcome.clock.logging,
              outcome.clock.checkpoint, outcome.clock.residual, outcome.clock.wall, outcome.parameters_hash,
              outcome.peak_memory_bytes)
        .run();
  }
  template <typename Other>
  void add(std::size_t, const Other&) {}

  Database database_;
  std::vector<JournalRecord> records_;
};

TEST(Migration, AVersion1FileKeepsEverythingAndGoesOn) {
  const ScratchDirectory folder;
  const TrialSpec spec = made_up_spec({});
  const std::vector<JournalRecord> records = records_of_version_1();
  write_trial(folder / "trial", spec, records);
  { const Version1File made(folder / "old.sqlite", spec, (folder / "trial").string()); }

  Store store(folder / "old.sqlite");
  const std::vector<TrialResult> trials = store.trials();
  ASSERT_EQ(trials.size(), 1U);
  EXPECT_EQ(trial_spec_to_json(trials[0].spec), trial_spec_to_json(spec));
  ASSERT_EQ(trials[0].starts.size(), 2U);
  EXPECT_EQ(record_to_json(trials[0].starts[1]), record_to_json(records[3]));
  ASSERT_EQ(trials[0].evaluations.size(), 3U);
  EXPECT_EQ(record_to_json(trials[0].evaluations[0]), record_to_json(records[1]));
  EXPECT_EQ(record_to_json(trials[0].evaluations[1]), record_to_json(records[4]));
  EXPECT_EQ(record_to_json(trials[0].outcome.at(0)), record_to_json(records[6]));

  // The short way sees the same hit: the third evaluation that counts.
  const ScoringInput input = store.scored_trials({});
  ASSERT_EQ(input.trials.size(), 1U);
  EXPECT_EQ(input.trials[0].hit->evaluation, 2U);
  EXPECT_EQ(input.trials[0].hit->time, 4.5);

  EXPECT_FALSE(store.fold(folder / "trial").changed);
  Database database(folder / "old.sqlite", OpenMode::read_only, milliseconds(1000));
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM pragma_foreign_key_check"), 0);
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM metrics"), 4 * 2 + 1);
}

TEST(Migration, AMigratedFileHasTheSchemaOfANewOne) {
  const ScratchDirectory folder;
  { const Version1File made(folder / "old.sqlite", made_up_spec({}), "/trial"); }
  { const Store store(folder / "old.sqlite"); }
  { const Store store(folder / "new.sqlite"); }
  const auto columns_of = [&](const std::string& file) {
    Database database(folder / file, OpenMode::read_only, milliseconds(1000));
    Statement rows(
        database,
        "SELECT m.type, m.name, p.name, p.type, p.\"notnull\", p.pk FROM sqlite_master m LEFT JOIN "
        "pragma_table_info(m.name) p ORDER BY m.type, m.name, p.cid");
    std::string text;
    while (rows.step()) {
      for (int column = 0; column < 6; ++column) text += rows.text(column) + " ";
      text += "\n";
    }
    return text;
  };
  EXPECT_EQ(columns_of("old.sqlite"), columns_of("new.sqlite"));
}

}  // namespace
}  // namespace timetrial
