#pragma once

// Where the time of a training step went, summed by workload and submission. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

struct StepSplit {
  StepTimesRecord seconds;  // summed over the sampled steps of all attempts
  int64_t trials = 0;       // that sampled any
};

// full workload name -> submission -> split; only where steps were sampled.
using StepSplitTable = std::map<std::string, std::map<std::string, StepSplit>>;

StepSplitTable step_split(const std::vector<TrialResult>& trials);

// The parts by name, in the order of a step: "data_wait", "host_to_device" …
std::vector<std::pair<std::string, double>> step_parts(const StepTimesRecord& record);

}  // namespace timetrial
