#pragma once

// What an import must know of a contest, as plain values: the caller takes them from a ruleset.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/journal/trial_spec.h"

namespace timetrial {

struct ImportedWorkloadRules {
  std::string workload;
  std::string variant;
  MetricTarget target;
  double budget_seconds = 0;         // of a trial, by the ruleset
  double logged_budget_seconds = 0;  // as AlgoPerf logs it: without the factor for self-tuning
  double evaluation_period_seconds = 0;
  int64_t step_hint = 0;
  int64_t default_batch_size = 1;
  int64_t evaluation_batch_size = 1;
};

struct ImportRules {
  std::string ruleset;
  int64_t ruleset_version = 1;
  std::string benchmark;
  std::string tier = "full";
  std::string hardware_class;
  StopRule stop_rule = StopRule::both_targets;
  bool self_tuning = false;
  int64_t studies = 0;
  int64_t trials_per_study = 0;
  std::map<std::string, ImportedWorkloadRules> workloads;  // by full name
};

// "external, self", for messages.
std::string names_of(const std::vector<ImportRules>& candidates);

// Splits the full name of a workload that `rules` do not know: the longest known base before an underscore,
// and the rest as variant.
ImportedWorkloadRules unknown_workload(const std::string& full_name, const ImportRules& rules);

// By AlgoPerf's list of metric names (its scorer, performance_profile.py); nothing for a name it does not
// have.
std::optional<MetricGoal> goal_of_metric(const std::string& metric);

// A spec without the things only a trial knows: study, number, hyperparameters, seed.
TrialSpec imported_spec(const std::string& submission, const ImportedWorkloadRules& workload,
                        const ImportRules& rules);

}  // namespace timetrial
