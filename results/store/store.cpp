#include "results/store/store.h"

#include <thread>

#include <sqlite3.h>

#include "results/store/checkpoint_sizes.h"
#include "results/store/fold.h"
#include "results/store/migrations.h"
#include "results/store/scored_trial_reader.h"
#include "results/store/sqlite.h"
#include "results/store/sqlite_error.h"
#include "results/store/trial_reader.h"

namespace timetrial {

namespace {

// Two processes that make a new file at the same moment both switch it to WAL; one of them is told "busy" at
// once, without the waiting that busy_timeout gives elsewhere.
void switch_to_wal(Database& database, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const int result =
        sqlite3_exec(database.handle(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (result == SQLITE_OK) return;
    if ((result & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() >= deadline) {
      throw_sqlite_error(database.handle(), result, database.file());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

struct Store::Database {
  timetrial::Database connection;
};

Store::Store(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout)
    : database_(new Database{timetrial::Database(file, OpenMode::read_write_create, busy_timeout)}) {
  timetrial::Database& connection = database_->connection;
  // Checked before WAL is asked for, which would change a file of another program.
  migrate(connection, newest_schema());
  switch_to_wal(connection, busy_timeout);
  // The log is written back to the file every 64 MB: each time waits for the disk, and an import of many
  // small transactions would wait often.
  connection.execute(
      "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16384");
}

Store Store::open_read_only(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout) {
  auto database =
      std::unique_ptr<Database>(new Database{timetrial::Database(file, OpenMode::read_only, busy_timeout)});
  require_current(database->connection, newest_schema());
  return Store(std::move(database));
}

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;

FoldSummary Store::fold(const std::filesystem::path& trial_directory) {
  return fold_trial(database_->connection, trial_directory);
}

FoldSummary Store::add(const TrialSpec& spec, const std::vector<JournalRecord>& records,
                       const std::string& source) {
  return fold_records(database_->connection, spec, records, source);
}

void Store::add_together(const std::function<void()>& add_each) {
  Transaction transaction(database_->connection, Transaction::Kind::write);
  add_each();
  transaction.commit();
}

std::vector<TrialResult> Store::trials() const {
  return read_trials(database_->connection);
}

ScoringInput Store::scored_trials(const HitRules& rules) const {
  return read_scored_trials(database_->connection, rules);
}

std::vector<std::string> Store::ruleset_labels() const {
  std::vector<std::string> labels;
  Statement rows(
      database_->connection,
      "SELECT DISTINCT e.ruleset FROM entries e WHERE EXISTS (SELECT 1 FROM trials t WHERE t.entry_id = "
      "e.id) ORDER BY e.ruleset");
  while (rows.step()) labels.push_back(rows.text(0));
  return labels;
}

bool Store::add_verdict(const Verdict& verdict) {
  return timetrial::add_verdict(database_->connection, verdict);
}

std::vector<Verdict> Store::verdicts() const {
  return read_verdicts(database_->connection);
}

int64_t Store::largest_checkpoint(const TrialSpec& spec) const {
  return timetrial::largest_checkpoint(database_->connection, spec);
}

void Store::add_null_measurement(const NullMeasurement& measurement) {
  timetrial::add_null_measurement(database_->connection, measurement);
}

std::vector<NullMeasurement> Store::null_measurements() const {
  return read_null_measurements(database_->connection);
}

void Store::plan(const std::vector<TrialPlan>& trials) {
  plan_trials(database_->connection, trials);
}

std::vector<TrialProgress> Store::progress() const {
  return read_progress(database_->connection);
}

std::vector<TrialCost> Store::trial_costs() const {
  return read_trial_costs(database_->connection);
}

}  // namespace timetrial
