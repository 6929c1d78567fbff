#pragma once

// Which trials a score is made of, and whether they may be compared at all.

#include <map>
#include <string>
#include <vector>

#include "results/score.h"

namespace timetrial {

// submission -> full workload name -> trials, in the order given.
using TrialsByPlace = std::map<std::string, std::map<std::string, std::vector<const TrialResult*>>>;

struct TrialSelection {
  TrialsByPlace trials;
  std::map<std::string, MetricTarget> targets;  // full workload name -> target
  std::vector<std::string> hardware_classes;
  std::vector<std::string> notes;
};

// Refers to `trials`. Errors: see compute_score.
TrialSelection select_trials(const std::vector<TrialResult>& trials, const ScoreOptions& options);

}  // namespace timetrial
