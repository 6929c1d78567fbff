#pragma once

// What the end of a worker without an outcome in its journal means for the trial. Pure.

#include <optional>
#include <string>
#include <variant>

#include "harness/controller/worker_process.h"
#include "harness/journal/progress.h"
#include "harness/journal/record.h"

namespace timetrial {

// Nothing is wrong with the submission; a person can cure it (the data set is missing, the disk is full).
struct Impossible {
  std::string message;
};

using ExecutionVerdict = std::variant<OutcomeRecord, InterruptionRecord, Impossible>;

// The worker in words.
struct WorkerNames {
  std::string worker = "the worker";
  std::string log;  // where its words are
};

// `shown`: the last state of the trial's progress page.
// `noted`: the worker itself has recorded the interruption that it ended with.
ExecutionVerdict verdict_of(const WorkerEnd& end, const WorkerNames& names,
                            const std::optional<Progress>& shown, bool noted, double now_unix_seconds);

// The end of a trial whose attempts were killed more often than they are to be resumed.
OutcomeRecord killed_outcome(const InterruptionRecord& last, int64_t kills);

}  // namespace timetrial
