#pragma once

// Which trials a score is made of, and whether they may be compared at all.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "results/scoring/score.h"

namespace timetrial {

// submission -> full workload name -> trials by study and number.
using TrialsByPlace = std::map<std::string, std::map<std::string, std::vector<const ScoredTrial*>>>;

struct TrialSelection {
  TrialsByPlace trials;
  int64_t count = 0;
  int64_t newest_trial = 0;  // largest id among them
  std::vector<std::string> hardware_classes;
  std::map<std::string, double> budgets;  // full workload name -> largest budget of its trials
  std::vector<std::string> notes;
};

// Refers to `input`. Errors: see compute_score.
TrialSelection select_trials(const ScoringInput& input, const ScoreOptions& options);

}  // namespace timetrial
