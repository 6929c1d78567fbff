#pragma once

// What a trial that reached its target leaves for the others of its study to beat. Pure.

#include <optional>

#include "harness/journal/futility.h"
#include "results/scoring/measurement.h"

namespace timetrial {

// From its first hit of the validation target; empty without one.
std::optional<FutilityBound> futility_bound_of(const TrialResult& trial);

}  // namespace timetrial
