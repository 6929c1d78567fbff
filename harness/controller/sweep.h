#pragma once

// Runs many trials, a few at a time, and folds each into the result file as it ends. What is finished is not
// run again: the same call after an interruption goes on where it stopped.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/controller/trial_execution.h"
#include "harness/journal/null_measurement.h"
#include "harness/journal/trial_spec.h"
#include "results/store/store.h"

namespace timetrial {

// Told what happens; calls come from the thread that runs the sweep.
class SweepObserver {
 public:
  virtual ~SweepObserver() = default;
  virtual void trial_started(const TrialSpec& spec, const std::filesystem::path& directory) = 0;
  virtual void trial_ended(const TrialSpec& spec, const OutcomeRecord& outcome, bool finished_before) = 0;
  virtual void trial_killed(const TrialSpec& spec, const std::string& message) = 0;  // it will be resumed
  virtual void harness_measured(const NullMeasurement& measurement) = 0;
  virtual void harness_not_measured(const std::string& message) = 0;         // the sweep goes on
  virtual void disk_may_not_do(const std::string& message) = 0;              // the sweep goes on
  virtual void tick(const std::vector<const TrialExecution*>& running) = 0;  // about five times a second
};

struct SweepOptions {
  std::filesystem::path results;  // trials/ and results.sqlite live here
  int64_t jobs = 1;               // trials at a time; more than one makes timings noisy
  // A trial whose worker is killed from outside (not crashed) is resumed this often within one sweep; then it
  // ends as `killed` and the sweep goes on. None: the sweep ends as interrupted at the first kill.
  std::optional<int64_t> resumes_after_kill = 3;
  // What the harness itself costs is measured before the first trial that has to be run, and stored.
  bool measure_harness = true;
};

struct SweepSummary {
  int64_t finished = 0;
  int64_t troubled = 0;      // of these: is_trouble()
  bool interrupted = false;  // `stop` became true, or a worker was killed that is not to be resumed here
  std::string message;       // of an interruption
};

// Before the first trial and before each the room on the disk is looked at. Throws UserError when a trial
// cannot be run for a reason that is not the submission's; running trials are asked to stop first, and
// nothing measured is lost.
SweepSummary run_sweep(const std::vector<TrialSpec>& specs, const SweepOptions& options,
                       const std::atomic<bool>& stop, SweepObserver& observer);

// Interleaves the trials of several submissions, so that a drift of the machine hits all alike.
std::vector<TrialSpec> interleave(const std::vector<std::vector<TrialSpec>>& by_submission);

// For timetrial watch: what a sweep is about to run.
void note_plan(Store& store, const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
               int64_t jobs);

std::filesystem::path result_file(const std::filesystem::path& results);

}  // namespace timetrial
