#pragma once

// The published AlgoPerf v0.5 results in shared/golden/scoring, brought in the whole way: table -> result
// file -> trials.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "results/scoring/measurement.h"

namespace timetrial {

struct GoldenLogs {
  nlohmann::json expected;  // the .expected.json file
  std::vector<TrialResult> trials;
};

// `name`: "v05_external", "v05_self".
bool golden_logs_exist(const std::string& name);
const GoldenLogs& golden_logs(const std::string& name);  // read once per process

}  // namespace timetrial
