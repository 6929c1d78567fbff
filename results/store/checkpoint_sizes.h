#pragma once

#include <cstdint>

#include "harness/journal/trial_spec.h"
#include "results/store/sqlite.h"

namespace timetrial {

// Bytes of the largest checkpoint known of this submission on this workload, else of any submission on it; 0
// when there is none.
int64_t largest_checkpoint(Database& database, const TrialSpec& spec);

}  // namespace timetrial
