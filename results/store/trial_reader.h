#pragma once

// Rows -> TrialResult, the way back from fold.h.

#include <vector>

#include "results/scoring/measurement.h"
#include "results/store/sqlite.h"

namespace timetrial {

// All trials of one snapshot of the file, in the order they were added.
std::vector<TrialResult> read_trials(Database& database);

}  // namespace timetrial
