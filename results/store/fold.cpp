#include "results/store/fold.h"

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/digest/sha256.h"
#include "harness/journal/journal.h"
#include "results/store/drift_column.h"
#include "results/store/entry_rows.h"
#include "results/store/record_rows.h"
#include "results/store/spec_patch.h"
#include "results/store/trial_summary.h"

namespace timetrial {

namespace {

struct FoldedTrial {
  int64_t id = 0;
  int64_t records = 0;
  std::string last_record;
};

// Of the texts behind each other.
std::string digest_of(std::initializer_list<std::string_view> texts) {
  Sha256 hash;
  for (const std::string_view text : texts) hash.update(text.data(), text.size());
  return hash.finish();
}

std::optional<FoldedTrial> find_trial(Database& database, const std::string& identity) {
  Statement row(database,
                "SELECT trial_id, folded_records, last_record FROM trial_sources WHERE identity = ?1");
  if (!row.bind(identity).step()) return std::nullopt;
  return FoldedTrial{row.integer(0), row.integer(1), row.text(2)};
}

// That of the entry's first trial, which this one may be.
std::string shared_spec(Database& database, int64_t entry, const std::string& spec_json) {
  Statement row(
      database,
      "SELECT spec, EXISTS (SELECT 1 FROM trials WHERE entry_id = e.id) FROM entries e WHERE e.id = ?1");
  row.bind(entry).step();
  if (row.integer(1) == 1) return row.text(0);
  const std::string compact = nlohmann::json::parse(spec_json).dump();
  Statement(database, "UPDATE entries SET spec = ?2 WHERE id = ?1").bind(entry, compact).run();
  return compact;
}

FoldedTrial add_trial(Database& database, const TrialSpec& spec, const std::string& spec_json,
                      const std::string& identity, const std::string& source) {
  const int64_t entry = find_or_add_entry(database, spec);
  const std::string shared = shared_spec(database, entry, spec_json);
  Statement(database,
            "INSERT INTO trials (entry_id, study, trial, seed, evaluation_count, last_step, milestones) "
            "VALUES (?1, ?2, ?3, ?4, 0, 0, x'')")
      .bind(entry, spec.study, spec.trial, std::to_string(spec.seed))
      .run();
  const int64_t id = database.last_insert_id();
  Statement(database,
            "INSERT INTO trial_sources (trial_id, identity, directory, spec, folded_records, last_record) "
            "VALUES (?1, ?2, ?3, ?4, 0, '')")
      .bind(id, identity, source, spec_patch(shared, spec_json))
      .run();
  return {id, 0, ""};
}

// The journal only ever grows, so the newest record folded must still be at its place.
bool continues(const FoldedTrial& trial, const std::vector<JournalRecord>& records) {
  if (trial.records == 0) return true;
  const auto count = static_cast<std::size_t>(trial.records);
  if (records.size() < count) return false;
  const std::string last = record_to_json(records[count - 1]);
  return trial.last_record == digest_of({last}) ||
         trial.last_record == last;  // older programs stored it whole
}

void add_records(Database& database, const FoldedTrial& trial, const TrialSpec& spec,
                 const std::vector<JournalRecord>& records) {
  bool is_gauged = false;
  for (auto ordinal = static_cast<std::size_t>(trial.records); ordinal < records.size(); ++ordinal) {
    add_record_row(database, {trial.id, static_cast<int64_t>(ordinal), spec.target.metric}, records[ordinal]);
    is_gauged |= std::holds_alternative<ReferenceTimesRecord>(records[ordinal]);
  }
  Statement(database, "UPDATE trial_sources SET folded_records = ?2, last_record = ?3 WHERE trial_id = ?1")
      .bind(trial.id, static_cast<int64_t>(records.size()), digest_of({record_to_json(records.back())}))
      .run();
  renew_trial_summary(database, trial.id);
  if (is_gauged) renew_drift_column(database, trial.id, spec.reference_drift);
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
  const std::string identity = digest_of({spec_json, record_to_json(records.front())});
  const std::optional<FoldedTrial> found = find_trial(database, identity);
  const FoldedTrial trial = found ? *found : add_trial(database, spec, spec_json, identity, source);
  summary.trial_id = trial.id;
  summary.added = !found;
  if (!continues(trial, records)) {
    summary.problems.push_back(source + ": " + std::to_string(trial.records) +
                               " records of it were stored earlier and are no longer there in that order; "
                               "nothing was added");
    return summary;
  }
  summary.changed = records.size() > static_cast<std::size_t>(trial.records);
  if (summary.changed) add_records(database, trial, spec, records);
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
