#include "harness/controller/trial_execution.h"

#include <csignal>

#include "harness/errors/user_error.h"
#include "harness/journal/durable_file.h"
#include "harness/journal/progress.h"
#include "harness/journal/worker_exit.h"

namespace timetrial {

namespace {

void record_crash(const std::filesystem::path& directory, const std::string& worker, int signal) {
  OutcomeRecord record;
  record.outcome = Outcome::crashed;
  record.message =
      worker + " was ended by " + describe_signal(signal) +
      " while it ran the submission. To cure it: run timetrial check on the library, and build it with "
      "-fsanitize=address to find the place; worker.log holds its last words";
  if (const std::optional<Progress> progress = read_progress(directory)) {
    record.step = progress->step;
    record.submission_seconds = progress->submission_seconds;
    record.unix_seconds = progress->unix_seconds;
  }
  JournalWriter(directory).append(record);
}

}  // namespace

std::filesystem::path trial_directory(const std::filesystem::path& results, const TrialSpec& spec) {
  return results / "trials" / trial_path(spec);
}

std::optional<OutcomeRecord> outcome_of(const std::filesystem::path& trial_directory) {
  const JournalContents journal = read_journal(trial_directory);
  for (const JournalRecord& record : journal.records) {
    if (const auto* outcome = std::get_if<OutcomeRecord>(&record)) return *outcome;
  }
  return std::nullopt;
}

TrialExecution::TrialExecution(const std::filesystem::path& results, const TrialSpec& spec)
    : spec_(spec), directory_(trial_directory(results, spec)) {
  if (!std::filesystem::exists(directory_ / "trial.json")) write_trial_spec(directory_, spec_);
  finished_before_ = outcome_of(directory_).has_value();
  if (!finished_before_) workers_.emplace(directory_, spec_.ranks);
}

std::optional<ExecutionEnd> TrialExecution::poll() {
  if (!workers_) return ExecutionEnd::recorded;
  const std::optional<RankEnd> end = workers_->poll();
  if (!end) return std::nullopt;
  workers_.reset();
  return settle(*end);
}

void TrialExecution::request_stop() {
  if (workers_) workers_->request_stop();
}

std::string TrialExecution::worker(int64_t rank) const {
  return spec_.ranks > 1 ? "the worker of rank " + std::to_string(rank) : "the worker";
}

ExecutionEnd TrialExecution::settle(const RankEnd& last) {
  const WorkerEnd& end = last.end;
  if (outcome_of(directory_)) return ExecutionEnd::recorded;
  if (end.signal != 0) {
    if (is_crash(end.signal)) {
      record_crash(directory_, worker(last.rank), end.signal);
      return ExecutionEnd::recorded;
    }
    message_ = worker(last.rank) + " was killed by " + describe_signal(end.signal);
    return ExecutionEnd::interrupted;
  }
  if (end.exit_code == kWorkerInterrupted) {
    message_ = "stopped on request after a checkpoint";
    return ExecutionEnd::interrupted;
  }
  message_ = end.message;
  if (end.exit_code == kWorkerTrialHeld) {
    if (message_.empty()) message_ = "another process has taken this trial over (see worker.log)";
    return ExecutionEnd::held;
  }
  if (end.exit_code != kWorkerUserError) {
    message_ = worker(last.rank) + " ended with code " + std::to_string(end.exit_code) + ": " + message_ + " (see " +
               (directory_ / "worker.log").string() + ")";
  }
  return ExecutionEnd::impossible;
}

}  // namespace timetrial
