#pragma once

// Runs one trial in its worker processes and makes sure that its directory tells how it ended.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/controller/worker_group.h"
#include "harness/journal/journal.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

enum class ExecutionEnd {
  recorded,     // the journal has an outcome
  interrupted,  // stopped on request, or killed from outside: run again to resume
  held,         // another process holds the trial, or has taken it over; message() names it
  impossible,   // not the submission's fault; message() says how to cure it
};

// Where a trial lives below a results folder.
std::filesystem::path trial_directory(const std::filesystem::path& results, const TrialSpec& spec);

class TrialExecution {
 public:
  // Creates the trial directory below `results` (or finds it again) and starts its workers, kept apart as the
  // spec asks and the machine grants, unless the trial has a final outcome already.
  TrialExecution(const std::filesystem::path& results, const TrialSpec& spec);

  // Empty while a worker runs.
  std::optional<ExecutionEnd> poll();
  void request_stop();
  // Appends a descriptor for each worker that still runs; it is readable once the worker has ended.
  void add_end_descriptors(std::vector<int>& descriptors) const;

  const TrialSpec& spec() const { return spec_; }
  const std::filesystem::path& directory() const { return directory_; }
  const std::string& message() const { return message_; }  // why interrupted, held or impossible
  bool was_finished_before() const { return finished_before_; }

  // After `interrupted` by a kill: the trial is not to be resumed, and its end is recorded.
  void give_up(int64_t kills);

 private:
  ExecutionEnd settle(const RankEnd& last);
  std::string worker(int64_t rank) const;  // as people call it

  TrialSpec spec_;
  std::filesystem::path directory_;
  std::optional<WorkerGroup> workers_;
  std::optional<RankEnd> ended_;  // until it is settled
  std::chrono::steady_clock::time_point ended_at_;
  std::optional<InterruptionRecord> interruption_;
  int64_t outcomes_before_ = 0;  // in the journal; such that may be resumed
  std::string message_;
  bool finished_before_ = false;
};

// How the trial ended, if it has; see standing_outcome().
std::optional<OutcomeRecord> outcome_of(const std::filesystem::path& trial_directory);

// There is one, and the trial is not to be tried again.
bool is_final(const std::optional<OutcomeRecord>& outcome);

}  // namespace timetrial
