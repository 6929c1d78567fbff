#include "results/fold.h"

#include <optional>
#include <utility>

#include "harness/journal/journal.h"
#include "results/record_rows.h"

namespace timetrial {

namespace {

struct FoldedTrial {
  int64_t id = 0;
  int64_t records = 0;
  std::string last_record;
};

std::optional<FoldedTrial> find_trial(Database& database, const std::string& spec,
                                      const std::string& first_record) {
  Statement statement(
      database, "SELECT id, folded_records, last_record FROM trials WHERE spec = ?1 AND first_record = ?2");
  if (!statement.bind(spec, first_record).step()) return std::nullopt;
  return FoldedTrial{statement.integer(0), statement.integer(1), statement.text(2)};
}

int64_t find_or_add_submission(Database& database, const TrialSpec& spec) {
  Statement(database, "INSERT INTO submissions (name, sha256) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
      .bind(spec.submission, spec.submission_sha256)
      .run();
  Statement found(database, "SELECT id FROM submissions WHERE name = ?1 AND sha256 = ?2");
  found.bind(spec.submission, spec.submission_sha256).step();
  return found.integer(0);
}

FoldedTrial add_trial(Database& database, const TrialSpec& spec, const std::string& spec_json,
                      const std::string& first_record, const std::string& source) {
  const int64_t submission = find_or_add_submission(database, spec);
  Statement(
      database,
      "INSERT INTO trials (submission_id, workload, variant, tier, ruleset, ruleset_version, benchmark, "
      "hardware_class, study, trial, seed, directory, spec, first_record, folded_records, last_record) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, '')")
      .bind(submission, spec.workload, spec.variant, spec.tier, spec.ruleset, spec.ruleset_version,
            spec.benchmark, spec.hardware_class, spec.study, spec.trial, std::to_string(spec.seed), source,
            spec_json, first_record)
      .run();
  return {database.last_insert_id(), 0, ""};
}

// The journal only ever grows, so the newest record folded must still be at its place.
bool continues(const FoldedTrial& trial, const std::vector<JournalRecord>& records) {
  if (trial.records == 0) return true;
  const auto count = static_cast<std::size_t>(trial.records);
  return records.size() >= count && record_to_json(records[count - 1]) == trial.last_record;
}

void add_records(Database& database, const FoldedTrial& trial, const std::vector<JournalRecord>& records) {
  for (auto ordinal = static_cast<std::size_t>(trial.records); ordinal < records.size(); ++ordinal) {
    add_record_row(database, {trial.id, static_cast<int64_t>(ordinal)}, records[ordinal]);
  }
  Statement(database, "UPDATE trials SET folded_records = ?2, last_record = ?3 WHERE id = ?1")
      .bind(trial.id, static_cast<int64_t>(records.size()), record_to_json(records.back()))
      .run();
}

// An outcome that another attempt follows is not the end.
bool ends_with_outcome(const std::vector<JournalRecord>& records) {
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (std::holds_alternative<OutcomeRecord>(*record)) return true;
    if (std::holds_alternative<StartRecord>(*record)) return false;
  }
  return false;
}

// Called within a write transaction, which it leaves open.
FoldSummary add_what_is_new(Database& database, const TrialSpec& spec,
                            const std::vector<JournalRecord>& records, const std::string& source) {
  FoldSummary summary;
  if (records.empty()) return summary;
  summary.finished = ends_with_outcome(records);
  const std::string spec_json = trial_spec_to_json(spec);
  const std::string first_record = record_to_json(records.front());
  const std::optional<FoldedTrial> found = find_trial(database, spec_json, first_record);
  const FoldedTrial trial = found ? *found : add_trial(database, spec, spec_json, first_record, source);
  summary.trial_id = trial.id;
  summary.added = !found;
  if (!continues(trial, records)) {
    summary.problems.push_back(source + ": " + std::to_string(trial.records) +
                               " records of it were stored earlier and are no longer there in that order; "
                               "nothing was added");
    return summary;
  }
  summary.changed = records.size() > static_cast<std::size_t>(trial.records);
  if (summary.changed) add_records(database, trial, records);
  return summary;
}

}  // namespace

FoldSummary fold_trial(Database& database, const std::filesystem::path& trial_directory) {
  const TrialSpec spec = read_trial_spec(trial_directory);
  // The journal is read under the write lock: of two processes that fold one trial, the later one sees at
  // least as much of it as the earlier one stored.
  Transaction transaction(database, Transaction::Kind::write);
  const JournalContents journal = read_journal(trial_directory);
  FoldSummary summary =
      add_what_is_new(database, spec, journal.records,
                      std::filesystem::absolute(trial_directory).lexically_normal().string());
  summary.problems.insert(summary.problems.begin(), journal.problems.begin(), journal.problems.end());
  if (summary.changed) transaction.commit();
  return summary;
}

FoldSummary fold_records(Database& database, const TrialSpec& spec, const std::vector<JournalRecord>& records,
                         const std::string& source) {
  Transaction transaction(database, Transaction::Kind::write);
  const FoldSummary summary = add_what_is_new(database, spec, records, source);
  if (summary.changed) transaction.commit();
  return summary;
}

}  // namespace timetrial
