#pragma once

// What trials that have ended cost: what a forecast of others is made of.

#include <cstdint>
#include <string>
#include <vector>

#include "results/store/sqlite.h"

namespace timetrial {

struct TrialCost {
  std::string submission;
  std::string workload;  // full name
  std::string tier;
  std::string hardware_class;
  std::string ruleset;  // label: trials of another one end elsewhere
  int64_t steps = 0;
  double submission_seconds = 0;
  // Wall seconds of the last attempt per second of its submission clock: evaluations, start-up and all. 0
  // where it was not measured.
  double wall_per_second = 0;
  int64_t checkpoint_bytes = 0;  // of the largest; 0: it wrote none
};

std::vector<TrialCost> read_trial_costs(Database& database);

}  // namespace timetrial
