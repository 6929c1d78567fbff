#pragma once

#include <cstdint>

#include "results/store/sqlite.h"

namespace timetrial {

// Fills trials.drifted from the reference times that are stored and what the trial's ruleset allows.
void renew_drift_column(Database& database, int64_t trial_id);

}  // namespace timetrial
