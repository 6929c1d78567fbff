#pragma once

// The events of a trial, in the order they are appended to its journal. Names follow rules.md.

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "harness/journal/measurements.h"

namespace timetrial {

// Wall seconds by what they were spent on; the parts sum to the wall time of the attempt, `residual` being
// what no other part claims (measured, not assumed).
struct ClockParts {
  double startup = 0;
  double submission = 0;  // on the submission clock, without data_wait
  double data_wait = 0;   // on the submission clock: in the training queue, until a batch was there
  double evaluation = 0;
  double logging = 0;
  double checkpoint = 0;
  double residual = 0;
  double wall = 0;
};

// A worker began (or resumed) the trial.
struct StartRecord {
  int64_t attempt = 1;
  double unix_seconds = 0;
  int64_t resumed_from_step = -1;  // -1: from the beginning
  double resumed_at_seconds = 0;   // submission clock of the checkpoint
  double lost_seconds = 0;         // submission seconds run after that checkpoint and run again
  double gap_wall_seconds = 0;     // wall time between the last sign of life and this start
  std::string data_set_id;
  std::map<std::string, std::string> provenance;  // build, library versions
  std::map<std::string, std::string> machine;     // host, cpu, cores, memory, gpu, driver …
  double timer_overhead_seconds =
      0;                    // harness time per step with an empty submission, measured at this start
  std::string fingerprint;  // of what the model computes on this machine; empty: not taken
  std::string isolation;    // the IsolationLevel in force; empty: not recorded
};

struct EvaluationRecord {
  int64_t step = 0;
  double submission_seconds = 0;          // the clock at this evaluation, prepare_for_eval included
  double evaluation_seconds = 0;          // cumulative, like AlgoPerf's accumulated_eval_time
  double logging_seconds = 0;             // cumulative
  double wall_seconds = 0;                // since the start of the timed loop, over all attempts
  double training_loss = 0;               // last reported loss; NaN when none was reported
  std::map<std::string, double> metrics;  // "validation/loss" …
};

struct CheckpointRecord {
  int64_t step = 0;
  double submission_seconds = 0;
  std::string file;  // relative to the trial directory
  int64_t bytes = 0;
  std::string crc32;
  std::map<std::string, double> loop = {};  // where the timed loop was (harness/worker/timed_loop.cpp)
};

struct WarningRecord {
  int64_t step = 0;
  std::string message;
};

enum class Outcome {
  target_reached,
  budget_exhausted,
  step_limit,
  finished_by_submission,
  futile,    // could no longer speak for its study (futility.h)
  diverged,  // non-finite loss or parameters
  failed,    // the submission threw, or broke the contract
  hung,      // one call exceeded the stall limit
  crashed,   // the worker died of a signal that the submission caused, or the submission ended it
  out_of_memory,
  killed,         // ended by somebody else more often than it was to be resumed
  harness_error,  // the harness failed, not the submission
};

std::string to_string(Outcome outcome);
Outcome outcome_from_string(const std::string& text);

// The submission, or the worker under it, did not get through: everything behind finished_by_submission.
bool is_trouble(Outcome outcome);

// Says nothing about the submission (killed, harness error): the same command tries the trial again, and for
// a score it has not ended. All other outcomes are final.
bool may_be_resumed(Outcome outcome);

// What the trained model makes of a held-out example, for people to look at.
struct ExhibitRecord {
  int64_t step = 0;
  std::string kind;     // says how to draw it: "plan_timeline" …
  std::string content;  // one JSON object, of at most kMostExhibitBytes
};

// A journal is read whole, and so are the exhibits of all trials for a report.
inline constexpr int64_t kMostExhibitBytes = 256 * 1024;

enum class Interruption {
  stopped,    // asked to stop: it wrote a checkpoint and ended
  preempted,  // the same, at the request of a cluster's scheduler
  killed,     // ended without being asked
};

std::string to_string(Interruption kind);
Interruption interruption_from_string(const std::string& text);

// An attempt ended and the trial did not: it can be resumed.
struct InterruptionRecord {
  Interruption kind = Interruption::stopped;
  int64_t signal = 0;   // that ended the attempt, or asked for its end; 0: none
  std::string by;       // who sent it, as far as known: "process 4711 (timetrial)"; empty: unknown
  std::string message;  // plain words
  int64_t step = 0;
  double submission_seconds = 0;
  double unix_seconds = 0;
};

// The end of a trial. A journal without it belongs to a trial that runs or was interrupted and can be
// resumed.
struct OutcomeRecord {
  Outcome outcome = Outcome::failed;
  std::string message;  // plain words, with the cure where there is one
  int64_t step = 0;
  double submission_seconds = 0;
  double unix_seconds = 0;
  ClockParts clock;               // of the last attempt
  std::string parameters_hash;    // over the final parameters in order, empty when they could not be read
  int64_t peak_memory_bytes = 0;  // resident set of the worker
  int64_t peak_device_memory_bytes = 0;  // 0 on CPU
};

using JournalRecord =
    std::variant<StartRecord, EvaluationRecord, CheckpointRecord, WarningRecord, OutcomeRecord,
                 StepTimesRecord, MemoryRecord, SyncAuditRecord, MachineSamplesRecord, ReferenceTimesRecord,
                 InterruptionRecord, ExhibitRecord>;

// One JSON object without line breaks; "type" names the record. NaN and infinities are the strings "nan",
// "inf", "-inf".
std::string record_to_json(const JournalRecord& record);
JournalRecord record_from_json(const std::string& text);  // throws UserError

}  // namespace timetrial
