#pragma once

// progress: a 64-byte memory-mapped file through which a running worker shows where it is. Writing it costs
// the training loop a few stores and no system call. It is a display and the measure of what a kill lost,
// never a result.

#include <cstdint>
#include <filesystem>
#include <optional>

#include "harness/journal/trial_phase.h"

namespace timetrial {

inline constexpr const char* kProgressFile = "progress";  // in the trial's directory

struct Progress {
  int64_t step = 0;
  double submission_seconds = 0;
  double unix_seconds = 0;  // when this was written
  double best_metric = 0;   // best validation value so far, NaN when none
  TrialPhase phase = TrialPhase::startup;
};

class ProgressWriter {
 public:
  // Keeps what an earlier worker of this trial wrote last, until write() is called.
  explicit ProgressWriter(const std::filesystem::path& trial_directory);
  ~ProgressWriter();
  ProgressWriter(const ProgressWriter&) = delete;
  ProgressWriter& operator=(const ProgressWriter&) = delete;

  void write(const Progress& progress);

 private:
  void* page_ = nullptr;
};

// Empty when absent, damaged, or not a worker of this version's.
std::optional<Progress> read_progress(const std::filesystem::path& trial_directory);

}  // namespace timetrial
