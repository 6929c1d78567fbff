#include "harness/worker/attempt_records.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <ATen/Parallel.h>
#include <unistd.h>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "harness/journal/disk_room.h"
#include "harness/journal/unix_seconds.h"
#include "harness/journal/worker_exit.h"
#include "harness/machine/machine.h"
#include "harness/worker/checkpoint.h"
#include "harness/worker/provenance.h"

namespace timetrial {

namespace {

// A trial whose worker died this often without getting anywhere is not tried again.
constexpr int64_t kStartsWithoutProgress = 3;

// From the keeper's thread: the training thread may be anywhere, and nothing it would still write may be
// written.
void end_without_the_trial(const TrialHeld& loss) {
  std::clog << loss.what() << std::endl;
  ::_exit(kWorkerTrialHeld);
}

}  // namespace

AttemptRecords::AttemptRecords(const std::filesystem::path& directory, bool holds)
    : directory_(directory),
      writer_(holds ? std::make_unique<JournalWriter>(directory) : nullptr),
      keeper_(writer_ ? std::make_unique<LeaseKeeper>(writer_->lease(), end_without_the_trial) : nullptr),
      journal_(writer_ ? static_cast<JournalSink&>(*writer_) : no_journal_),
      before_(read_journal(directory)),
      history_(history_of(before_.records)),
      last_progress_(read_progress(directory)) {}

std::string AttemptRecords::hopeless() const {
  if (history_.starts_without_progress < kStartsWithoutProgress) return "";
  return "the worker died " + std::to_string(history_.starts_without_progress) +
         " times without getting further (see worker.log). To cure it: look for a crash or for memory "
         "running out in the submission";
}

std::optional<CheckpointRecord> AttemptRecords::find_checkpoint() {
  return timetrial::find_checkpoint(directory_, before_.records, before_.problems);
}

std::vector<EvaluationResult> AttemptRecords::evaluations_until(int64_t step) const {
  std::vector<EvaluationResult> evaluations;
  for (const EvaluationRecord& e : history_.evaluations) {
    if (e.step <= step) evaluations.push_back({e.step, e.submission_seconds, e.metrics});
  }
  return evaluations;
}

StartRecord AttemptRecords::start(const std::optional<CheckpointRecord>& found, const Device& device) const {
  StartRecord start;
  start.attempt = history_.starts + 1;
  start.unix_seconds = unix_seconds();
  if (found) {
    start.resumed_from_step = found->step;
    start.resumed_at_seconds = found->submission_seconds;
  }
  if (history_.starts > 0 && last_progress_) {
    start.lost_seconds = std::max(0.0, last_progress_->submission_seconds - start.resumed_at_seconds);
    start.gap_wall_seconds = std::max(0.0, start.unix_seconds - last_progress_->unix_seconds);
  }
  start.provenance = describe_build();
  start.machine = describe_machine();
  start.machine.merge(device.describe());
  start.machine["threads"] = std::to_string(at::get_num_threads());
  return start;
}

void AttemptRecords::append_warnings(int64_t step) {
  for (const std::string& problem : before_.problems) journal_.append(WarningRecord{step, problem});
  for (const std::string& warning : noise_warnings()) journal_.append(WarningRecord{step, warning});
}

// A checkpoint holds the parameters and, of most submissions, two numbers more for each.
void AttemptRecords::foresee_disk(const ParameterList& parameters, int64_t step) {
  int64_t parameter_bytes = 0;
  for (const Parameter& parameter : parameters) parameter_bytes += parameter.tensor.nbytes();
  const DiskRoom room = disk_room(directory_);
  if (const auto shortage = certain_shortage({1, 1, parameter_bytes}, room))
    throw UserError({*shortage, directory_.string(), "", ""});
  if (const auto shortage = possible_shortage({{1, 1, 3 * parameter_bytes}}, room))
    journal_.append(WarningRecord{step, *shortage});
}

void append_end(JournalSink& journal, const OutcomeRecord& end) {
  journal.append(end);
  std::clog << to_string(end.outcome) << ": " << end.message << std::endl;
}

void require_unchanged_library(const TrialSpec& spec) {
  const std::string found = sha256_of_file(spec.submission_library);
  if (found == spec.submission_sha256) return;
  throw UserError({"the submission was changed after this trial was planned", spec.submission_library,
                   "SHA-256 " + found + " instead of " + spec.submission_sha256,
                   "start a new run under another name, or put the old library back"});
}

InterruptionRecord interruption_by(const StopRequest& stop, int64_t step, double submission_seconds) {
  InterruptionRecord record;
  record.step = step;
  record.submission_seconds = submission_seconds;
  // A cluster's job is asked to end by its scheduler alone: preemption, time limit, cancellation.
  record.kind = std::getenv("SLURM_JOB_ID") != nullptr ? Interruption::preempted : Interruption::stopped;
  record.signal = stop.signal.load();
  const pid_t sender = stop.sender.load();
  record.by = sender == 0 || sender == ::getppid() ? "timetrial" : "process " + std::to_string(sender);
  record.message = to_string(record.kind) + " on request of " + record.by + " after a checkpoint";
  record.unix_seconds = unix_seconds();
  return record;
}

ClockParts clock_parts(const PhaseLedger& ledger, double data_wait_seconds) {
  ClockParts parts = ledger.parts(steady_seconds());
  parts.data_wait = data_wait_seconds;
  parts.submission -= data_wait_seconds;
  return parts;
}

Outcome outcome_of_failure(const std::string& message) {
  for (const char* sign : {"out of memory", "can't allocate memory", "std::bad_alloc"}) {
    if (message.find(sign) != std::string::npos) return Outcome::out_of_memory;
  }
  return Outcome::failed;
}

}  // namespace timetrial
