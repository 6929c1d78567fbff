#pragma once

// What there is: one line per trial, as table, JSON or CSV.

#include <functional>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

struct TrialLine {
  int64_t id = 0;
  std::string submission;
  std::string workload;  // full name
  std::string ruleset;
  int64_t study = 0;
  int64_t trial = 0;
  std::string state;  // name of the outcome, else "running" or "interrupted"
  std::string message;
  int64_t steps = 0;
  double seconds = 0;      // submission clock
  double best_metric = 0;  // best validation value, NaN when there is none
  std::string metric;
  double target = 0;
  uint64_t seed = 0;
  std::string machine;  // host and cpu of the last attempt
  std::string hardware_class;
  std::string directory;
  std::string drift;          // "3.1 % (memory)" of the reference kernels; with a "!" where it is too much
  int64_t interruptions = 0;  // attempts that were stopped, preempted or killed
  std::string isolation;      // in force in its last attempt; empty: not recorded
  std::string sync_audit;     // "sync-free: yes", "3 per step, 0.41 ms"; empty: not audited
};

// The state of a trial without outcome cannot be told from the result file: `is_running` (for instance
// whether its lock is held) is asked for those; none = all are "interrupted".
std::vector<TrialLine> list_trials(const std::vector<TrialResult>& trials,
                                   const std::function<bool(const TrialResult&)>& is_running = {});

// The best validation value by the trial's own goal; NaN when no evaluation has one.
double best_validation(const TrialResult& trial);

std::string trial_table(const std::vector<TrialLine>& lines);
std::string trial_json(const std::vector<TrialLine>& lines);  // NaN and infinities as texts
std::string trial_csv(const std::vector<TrialLine>& lines);

}  // namespace timetrial
