#pragma once

// The SQLite file that holds every result (schema.sql). One writer at a time, many readers; a writer that finds the
// file busy waits up to a minute and then says who holds it. Rows are never overwritten: folding the same trial
// directory again changes nothing, folding a grown journal adds what is new.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "results/measurement.h"

namespace timetrial {

struct FoldSummary {
  bool changed = false;               // rows were added
  bool finished = false;              // the journal has an outcome
  int64_t trial_id = 0;
  std::vector<std::string> problems;  // of the journal, ready to print
};

class Store {
 public:
  // Creates the file and its tables when absent, migrates an older schema, refuses a newer one (UserError).
  // Throws UserError for a read-only file, a full disk, or a file that is no timetrial result file.
  explicit Store(const std::filesystem::path& file);
  static Store open_read_only(const std::filesystem::path& file);
  ~Store();
  Store(Store&&) noexcept;

  // trial.json + journal.log -> rows, in one transaction.
  FoldSummary fold(const std::filesystem::path& trial_directory);

  std::vector<TrialResult> trials() const;  // in the order they were added, evaluations included

 private:
  struct Database;
  explicit Store(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace timetrial
