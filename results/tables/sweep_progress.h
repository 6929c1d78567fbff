#pragma once

// How far a sweep is: what `timetrial watch` shows. Pure.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/store/planned_trials.h"

namespace timetrial {

struct WorkloadProgress {
  int64_t trials = 0;
  int64_t done = 0;     // ended, trouble included
  int64_t trouble = 0;  // of these: diverged, failed, hung, crashed, out of memory …
  int64_t running = 0;
  int64_t interruptions = 0;  // attempts that were stopped, preempted or killed
  int64_t reached = 0;        // have reached the target
  // Of the trial that reached the target soonest; while there is none, of the one with the best value.
  std::string best_submission;
  std::optional<double> best_seconds;
  std::optional<double> best_value;
  MetricTarget target;
};

struct SweepProgress {
  std::map<std::string, WorkloadProgress> workloads;  // by full name
  WorkloadProgress total;                             // counts only
  std::vector<TrialProgress> running;
  std::optional<double> seconds_left;  // wall time; empty when nothing tells it
};

// `is_running`: of a trial directory, for trials without an outcome. `ruleset`: only trials of this label; ""
// = all.
SweepProgress sweep_progress(const std::vector<TrialProgress>& trials, const std::string& ruleset,
                             const std::function<bool(const std::string&)>& is_running);

std::string sweep_progress_table(const SweepProgress& progress);

// "12 s", "3 min 05 s", "2 h 10 min".
std::string duration_text(double seconds);

}  // namespace timetrial
