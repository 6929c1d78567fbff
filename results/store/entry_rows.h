#pragma once

// The row of `entries` that a trial belongs to, and the submission it names.

#include <cstdint>

#include "harness/journal/trial_spec.h"
#include "results/store/sqlite.h"

namespace timetrial {

int64_t find_or_add_entry(Database& database, const TrialSpec& spec);

}  // namespace timetrial
