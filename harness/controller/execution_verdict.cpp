#include "harness/controller/execution_verdict.h"

#include "harness/journal/worker_exit.h"

namespace timetrial {

namespace {

template <typename Record>
Record at_last_sign(const std::optional<Progress>& shown, double now) {
  Record record;
  record.unix_seconds = now;
  if (!shown) return record;
  record.step = shown->step;
  record.submission_seconds = shown->submission_seconds;
  return record;
}

std::string mebibytes(int64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

std::string phase_text(const std::optional<Progress>& shown) {
  return "in the phase " + to_string(shown ? shown->phase : TrialPhase::startup);
}

OutcomeRecord limit_outcome(const LaunchReport& report, const std::optional<Progress>& shown, double now) {
  OutcomeRecord record = at_last_sign<OutcomeRecord>(shown, now);
  record.peak_memory_bytes = report.peak_memory_bytes;
  record.outcome = report.limit == LimitHit::memory ? Outcome::out_of_memory : Outcome::failed;
  if (report.limit == LimitHit::memory) {
    record.message =
        "out of memory " + phase_text(shown) + "; its peak: " + mebibytes(report.peak_memory_bytes) +
        ": the limit of " + mebibytes(report.allowed) +
        " was reached, so the trial was ended. To cure it: keep less, or raise --memory-limit-gib";
  } else if (report.limit == LimitHit::processes) {
    record.message = "the submission started processes: " + std::to_string(report.used) + " ran " +
                     phase_text(shown) + ", " + std::to_string(report.allowed) +
                     " are allowed, so all were ended. To cure it: start none";
  } else {
    record.message = "the submission filled the disk: the trial's directory grew to " +
                     mebibytes(report.used) + " " + phase_text(shown) + ", " + mebibytes(report.allowed) +
                     " are allowed, so the trial was ended. To cure it: write no files; where it is the "
                     "checkpoints that need the room, raise --disk-limit-gib";
  }
  return record;
}

OutcomeRecord crash_outcome(const WorkerEnd& end, const WorkerNames& names,
                            const std::optional<Progress>& shown, double now) {
  OutcomeRecord record = at_last_sign<OutcomeRecord>(shown, now);
  record.outcome = Outcome::crashed;
  if (end.signal != 0) {
    record.message =
        names.worker + " was ended by " + describe_signal(end.signal) +
        " while it ran the submission. To cure it: run timetrial check on the library, and build it with "
        "-fsanitize=address to find the place; worker.log holds its last words";
  } else {
    record.message = names.worker + " ended with exit code " + std::to_string(end.exit_code) +
                     " in the middle of the trial, which the harness never does: the submission called "
                     "exit(). To cure it: throw an exception instead";
  }
  return record;
}

InterruptionRecord kill_record(const WorkerEnd& end, const WorkerNames& names,
                               const std::optional<Progress>& shown, double now) {
  InterruptionRecord record = at_last_sign<InterruptionRecord>(shown, now);
  record.kind = Interruption::killed;
  record.signal = end.signal;
  record.message = end.signal != 0 ? names.worker + " was killed by " + describe_signal(end.signal)
                                   : names.worker + " lost the other ranks";
  if (end.report && end.report->kernel_ran_out) {
    record.by = "the kernel, which ran out of memory";
    record.message += ": the machine ran out of memory";
  }
  return record;
}

// What the harness itself ends with, and never without words.
bool is_code_of_harness(const WorkerEnd& end) {
  return (end.exit_code == kWorkerUserError || end.exit_code == kWorkerInternalError) && !end.message.empty();
}

}  // namespace

ExecutionVerdict verdict_of(const WorkerEnd& end, const WorkerNames& names,
                            const std::optional<Progress>& shown, bool noted, double now) {
  if (end.report && end.report->limit != LimitHit::none) return limit_outcome(*end.report, shown, now);
  if (is_crash(end.signal) && end.report && end.report->of_evaluator) {
    OutcomeRecord record = at_last_sign<OutcomeRecord>(shown, now);
    record.outcome = Outcome::harness_error;
    record.message = "the evaluator was ended by " + describe_signal(end.signal) + " (see " + names.log + ")";
    return record;
  }
  if (is_crash(end.signal)) return crash_outcome(end, names, shown, now);
  if (end.signal != 0 || end.exit_code == kWorkerRankLost) return kill_record(end, names, shown, now);
  if (end.exit_code == kWorkerInterrupted && noted) {
    InterruptionRecord record;
    record.message = "stopped on request after a checkpoint";
    return record;
  }
  if (!is_code_of_harness(end)) return crash_outcome(end, names, shown, now);
  if (end.exit_code == kWorkerUserError) return Impossible{end.message};
  OutcomeRecord record = at_last_sign<OutcomeRecord>(shown, now);
  record.outcome = Outcome::harness_error;
  record.message = "the harness failed: " + end.message + " (see " + names.log + ")";
  return record;
}

OutcomeRecord killed_outcome(const InterruptionRecord& last, int64_t kills) {
  OutcomeRecord record;
  record.outcome = last.by.starts_with("the kernel") ? Outcome::out_of_memory : Outcome::killed;
  record.message =
      last.message + ", " + std::to_string(kills) +
      " times: it is not resumed any more. To cure it: find out who ends the workers (the kernel "
      "says so in its log when memory runs out), then run the same command again";
  record.step = last.step;
  record.submission_seconds = last.submission_seconds;
  record.unix_seconds = last.unix_seconds;
  return record;
}

}  // namespace timetrial
