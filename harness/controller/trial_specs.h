#pragma once

// Ruleset + submission + run options -> the specs of the trials to run.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/controller/submission_reference.h"
#include "harness/journal/trial_spec.h"
#include "tuning/ruleset.h"

namespace timetrial {

// What the command line may say about how trials are run. Overrides of rules make a ruleset name of their own
// ("demo+max-steps=500"), so that such trials are never scored with regular ones.
struct RunOptions {
  std::string data_directory;
  std::string device = "cpu";
  int64_t threads = 0;
  int64_t ranks = 1;
  ClockMode clock = ClockMode::sync_free;
  std::string hardware_class;  // "": the benchmark's default
  uint64_t seed = 0;
  std::optional<int64_t> max_steps;
  std::optional<double> budget_seconds;
  bool ignore_targets = false;
  bool step_graph = true;
  std::string kernel_cache;  // folder, absolute; for rulesets that allow a warm one
  HostAllocator host_allocator = HostAllocator::caching;
  double host_cache_gib = 0;
  bool audit_sync = false;
  std::optional<IsolationLevel> isolation;  // instead of the ruleset's
  TrialLimits limits;
};

// All trials of the ruleset for one submission, ordered by workload, study, trial. `workloads`: full names,
// empty = all. Throws UserError: unknown workload, a search space where the ruleset allows none, or none
// where it needs one.
std::vector<TrialSpec> make_trial_specs(const Ruleset& ruleset, const SubmissionReference& submission,
                                        const std::vector<std::string>& workloads, const RunOptions& options);

}  // namespace timetrial
