#pragma once

// Runs one trial in its worker processes and makes sure that its directory tells how it ended.

#include <filesystem>
#include <optional>
#include <string>

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
  // Creates the trial directory below `results` (or finds it again) and starts its workers, unless the trial
  // has an outcome already.
  TrialExecution(const std::filesystem::path& results, const TrialSpec& spec);

  // Empty while a worker runs.
  std::optional<ExecutionEnd> poll();
  void request_stop();

  const TrialSpec& spec() const { return spec_; }
  const std::filesystem::path& directory() const { return directory_; }
  const std::string& message() const { return message_; }  // why interrupted, held or impossible
  bool was_finished_before() const { return finished_before_; }

 private:
  ExecutionEnd settle(const RankEnd& last);
  std::string worker(int64_t rank) const;  // as people call it

  TrialSpec spec_;
  std::filesystem::path directory_;
  std::optional<WorkerGroup> workers_;
  std::string message_;
  bool finished_before_ = false;
};

// The outcome in the journal, if there is one.
std::optional<OutcomeRecord> outcome_of(const std::filesystem::path& trial_directory);

}  // namespace timetrial
