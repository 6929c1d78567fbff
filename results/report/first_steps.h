#pragma once

// What it saved to find compiled kernels: how long the first step took, in which LibTorch and the driver
// compile the kernels that they do not find, by workload and submission. Pure.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

// Seconds of the submission clock, one a trial.
struct FirstSteps {
  std::vector<double> cold;  // of trials that found no kernels: of a cold cache, or the first of a warm one
  std::vector<double> warm;  // of trials that found some
};

// full workload name -> submission -> first steps. Trials that do not tell of their kernels, such as those on
// a CPU, and trials without an evaluation after the first step take no part.
using FirstStepsTable = std::map<std::string, std::map<std::string, FirstSteps>>;

FirstStepsTable first_steps(const std::vector<TrialResult>& trials);

// Between the medians; empty where one side is missing.
std::optional<double> saved_seconds(const FirstSteps& steps);

}  // namespace timetrial
