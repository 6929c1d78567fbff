#pragma once

#include <cstdint>

#include "results/store/sqlite.h"

namespace timetrial {

// Fills trials.drifted from the reference times that are stored; what the trial's ruleset allows is
// TrialSpec::reference_drift.
void renew_drift_column(Database& database, int64_t trial_id, double allowed_drift);

}  // namespace timetrial
