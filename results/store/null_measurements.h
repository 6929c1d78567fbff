#pragma once

// What the harness itself costs, once for every sweep that ran a trial.

#include <vector>

#include "harness/journal/null_measurement.h"
#include "results/store/sqlite.h"

namespace timetrial {

// One transaction. The file gives the id.
void add_null_measurement(Database& database, const NullMeasurement& measurement);

std::vector<NullMeasurement> read_null_measurements(Database& database);  // in the order they were added

}  // namespace timetrial
