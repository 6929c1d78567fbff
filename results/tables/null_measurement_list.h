#pragma once

// What the harness itself costs, as table, JSON or CSV.

#include <string>
#include <vector>

#include "harness/journal/null_measurement.h"

namespace timetrial {

// A line for each measured thing, a column for each measurement, the newest first; at most `most` of them.
std::string null_measurement_table(const std::vector<NullMeasurement>& measurements, std::size_t most = 6);
// A list of objects with everything, in the order they were made.
std::string null_measurement_json(const std::vector<NullMeasurement>& measurements);
// One line per measured thing: id, unix_seconds, host, device, threads, name, seconds.
std::string null_measurement_csv(const std::vector<NullMeasurement>& measurements);

}  // namespace timetrial
