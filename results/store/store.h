#pragma once

// The SQLite file that holds every result (schema.sql). One writer at a time, many readers; a writer that
// finds the file busy waits up to a minute and then says who holds it. Rows are never overwritten: folding
// the same trial directory again changes nothing, folding a grown journal adds what is new.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"
#include "results/scoring/scored_trial.h"
#include "results/store/null_measurements.h"
#include "results/store/planned_trials.h"
#include "results/store/trial_costs.h"
#include "results/store/verdicts.h"

namespace timetrial {

struct FoldSummary {
  bool changed = false;               // rows were added
  bool added = false;                 // the trial itself is new
  bool finished = false;              // the journal has an outcome
  int64_t trial_id = 0;               // 0: the journal is empty, the trial has not begun
  std::vector<std::string> problems;  // of the journal, ready to print
};

class Store {
 public:
  static constexpr std::chrono::milliseconds kBusyTimeout = std::chrono::seconds(60);

  // Creates the file and its tables when absent, migrates an older schema, refuses a newer one (UserError).
  // Throws UserError for a read-only file, a full disk, or a file that is no timetrial result file.
  explicit Store(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout = kBusyTimeout);

  // For reading only: works while another process writes, and for files that cannot be written.
  static Store open_read_only(const std::filesystem::path& file,
                              std::chrono::milliseconds busy_timeout = kBusyTimeout);
  ~Store();
  Store(Store&&) noexcept;

  // trial.json + journal.log -> rows, in one transaction. Trials are told apart by trial.json and the
  // journal's first record, which holds the moment the trial began: a moved directory is the same trial, a
  // re-run is a new one.
  FoldSummary fold(const std::filesystem::path& trial_directory);

  // The same for a trial that another harness ran: `records` begin with a StartRecord, which with `spec`
  // tells it apart from others; `source` is where it came from. Records may have grown since the last time.
  FoldSummary add(const TrialSpec& spec, const std::vector<JournalRecord>& records,
                  const std::string& source);

  // Many trials at once: `add_each` calls add, and everything reaches the disk together, which is several
  // times faster. Each trial is whole or not there at all; when `add_each` throws, none of them is.
  void add_together(const std::function<void()>& add_each);

  std::vector<TrialResult> trials() const;  // in the order they were added, evaluations included
  ScoringInput scored_trials(const HitRules& rules) const;  // what a score needs of them, much faster
  std::vector<std::string> ruleset_labels() const;          // of the trials there are, sorted

  bool add_verdict(const Verdict& verdict);  // false: it is there already
  std::vector<Verdict> verdicts() const;

  int64_t largest_checkpoint(const TrialSpec& spec) const;  // checkpoint_sizes.h

  void add_null_measurement(const NullMeasurement& measurement);
  std::vector<NullMeasurement> null_measurements() const;

  void plan(const std::vector<TrialPlan>& trials);
  std::vector<TrialProgress> progress() const;

  std::vector<TrialCost> trial_costs() const;  // of the trials that have ended

 private:
  struct Database;
  explicit Store(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace timetrial
