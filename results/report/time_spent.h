#pragma once

// Where the wall time of trials went, summed by workload and submission. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

struct TimeSpent {
  ClockParts seconds;  // summed over the trials
  int64_t trials = 0;
  int64_t without_clock =
      0;  // of these only the sums of their last evaluation are known, as in imported logs
};

// full workload name -> submission -> time spent. A trial that ended has the clock of its last attempt; of
// the others, and of imported ones, the last evaluation tells submission, evaluation and logging seconds.
using TimeSpentTable = std::map<std::string, std::map<std::string, TimeSpent>>;

TimeSpentTable time_spent(const std::vector<TrialResult>& trials);

}  // namespace timetrial
