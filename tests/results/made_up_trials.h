#pragma once

// Trials for tests, built by hand: whatever a test does not name has a plain valid value.

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/journal/journal.h"
#include "results/scoring/measurement.h"

namespace timetrial {

struct MadeUpPlace {
  std::string submission = "adamw";
  std::string workload = "mnist";
  int64_t study = 0;
  int64_t trial = 0;
};

// Accuracy to maximise, target 0.9; not ended.
TrialSpec made_up_spec(const MadeUpPlace& place);
StartRecord made_up_start(double unix_seconds = 1000);
EvaluationRecord made_up_evaluation(int64_t step, double seconds, double accuracy);
OutcomeRecord made_up_outcome(Outcome outcome, int64_t step, double seconds);

// An ended trial with evaluations (seconds, accuracy) at steps 10, 20, …
TrialResult made_up_trial(const MadeUpPlace& place,
                          const std::vector<std::pair<double, double>>& evaluations);

// A folder that is empty at first and removed at the end of the test.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Makes the directory, writes trial.json unless it is there, appends to the journal.
void write_trial(const std::filesystem::path& directory, const TrialSpec& spec,
                 const std::vector<JournalRecord>& records);

}  // namespace timetrial
