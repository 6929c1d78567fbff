#pragma once

// What a sweep means to run, and how far it is: what `timetrial watch` shows.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/journal/trial_spec.h"
#include "results/store/sqlite.h"

namespace timetrial {

struct TrialPlan {
  std::string directory;  // absolute
  std::string ruleset;
  std::string submission;
  std::string workload;  // full name
  double budget_seconds = 0;
  int64_t jobs = 1;         // how many run at a time
  double unix_seconds = 0;  // when the newest sweep that plans it began
};

// Notes what a sweep is about to run, in one transaction; a trial that was planned before gets the new time.
void plan_trials(Database& database, const std::vector<TrialPlan>& trials);

// A planned trial, or one that ran without a plan, and what is known of it.
struct TrialProgress {
  TrialPlan plan;
  bool begun = false;                  // there are rows of it
  std::optional<std::string> outcome;  // name
  int64_t last_step = 0;
  double last_seconds = 0;                  // submission clock at its last evaluation
  int64_t interruptions = 0;                // attempts that ended while it did not
  double wall_seconds = 0;                  // of its last attempt, when it has ended
  MetricTarget target;                      // of a trial that has begun
  std::optional<double> best;               // validation value
  std::optional<double> seconds_to_target;  // its own target
};

// One snapshot of the file; planned trials in the order of their plan, then the others.
std::vector<TrialProgress> read_progress(Database& database);

}  // namespace timetrial
