#pragma once

// The derived columns of a trial's row: what its evaluations and outcomes come to.

#include <cstdint>

#include "results/store/sqlite.h"

namespace timetrial {

// Called in the transaction that changed the rows.
void renew_trial_summary(Database& database, int64_t trial_id);

}  // namespace timetrial
