#pragma once

// What a sweep will cost, before it runs: from what trials like its own cost earlier, else from their
// budgets. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/journal/trial_spec.h"
#include "results/store/trial_costs.h"

namespace timetrial {

// What a trial's time is taken from, the best first.
enum class ForecastBasis {
  own_trials,    // of the same submission on the workload, under the same rules
  own_steps,     // its measured time per step, and the step limit
  other_trials,  // of other submissions on the workload, under the same rules
  other_steps,   // their time per step, and the step limit
  budget,        // an upper bound of the submission's time
};

std::string to_string(ForecastBasis basis);

// The trials of one submission on one workload.
struct ForecastRow {
  std::string submission;
  std::string workload;  // full name
  int64_t trials = 0;
  ForecastBasis basis = ForecastBasis::budget;
  int64_t measured_trials = 0;        // that the basis is made of
  double seconds_each = 0;            // wall seconds of a trial, on its device
  bool evaluations_counted = false;   // what comes on top of the submission's time was measured
  std::optional<int64_t> disk_bytes;  // of all their checkpoints; empty: not known
};

struct Forecast {
  std::vector<ForecastRow> rows;  // in the order of the plan
  double device_seconds = 0;
  double wall_seconds = 0;  // with `jobs` trials at a time
  int64_t disk_bytes = 0;   // of the rows that know it
};

// `specs`: that are still to be run. `costs`: of earlier trials, of any kind.
Forecast forecast(const std::vector<TrialSpec>& specs, const std::vector<TrialCost>& costs, int64_t jobs);

// Seconds until the last of them ends when each begins, in this order, as soon as one of `jobs` places is
// free.
double seconds_side_by_side(const std::vector<double>& seconds, int64_t jobs);

}  // namespace timetrial
