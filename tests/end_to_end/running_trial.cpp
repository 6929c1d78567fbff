#include "running_trial.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "../sanitizers/patience.h"
#include "harness/journal/journal.h"
#include "harness/journal/progress.h"

namespace timetrial {

namespace {

struct Counts {
  size_t starts = 0;
  size_t checkpoints = 0;
  bool ended = false;
};

std::filesystem::path directory_below(const std::filesystem::path& results) {
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(results, absent)) {
    if (entry.path().filename() == "journal.log") return entry.path().parent_path();
  }
  return {};
}

Counts counts_in(const std::filesystem::path& results) {
  Counts counts;
  const std::filesystem::path directory = directory_below(results);
  if (directory.empty()) return counts;
  for (const JournalRecord& record : read_journal(directory).records) {
    if (std::holds_alternative<StartRecord>(record)) ++counts.starts;
    if (std::holds_alternative<CheckpointRecord>(record)) ++counts.checkpoints;
    if (std::holds_alternative<OutcomeRecord>(record)) counts.ended = true;
  }
  return counts;
}

}  // namespace

RunningTrial::RunningTrial(const std::vector<std::string>& command, std::filesystem::path results)
    : results_(std::move(results)),
      starts_before_(counts_in(results_).starts),
      checkpoints_before_(counts_in(results_).checkpoints),
      program_(command) {}

bool RunningTrial::reaches(int64_t step, size_t checkpoints) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (Counts counts; std::chrono::steady_clock::now() < end;
       std::this_thread::sleep_for(std::chrono::milliseconds(2))) {
    counts = counts_in(results_);
    if (counts.ended) {
      ADD_FAILURE() << "the trial ended before step " << step << " was seen";
      return false;
    }
    if (counts.starts == starts_before_ || counts.checkpoints < checkpoints_before_ + checkpoints) continue;
    const std::optional<Progress> progress = read_progress(directory_below(results_));
    if (progress && progress->step >= step) return true;
  }
  ADD_FAILURE() << "the trial did not come to step " << step;
  return false;
}

void RunningTrial::kill_worker() const {
  const std::vector<pid_t> workers = children_of(program_.id());
  ASSERT_EQ(workers.size(), 1U) << "workers of process " << program_.id();
  ::kill(workers.front(), SIGKILL);
}

}  // namespace timetrial
