#pragma once

// Has a worker measure what the harness itself costs here.

#include <filesystem>
#include <string>

#include "harness/journal/null_measurement.h"

namespace timetrial {

// Writes and removes a folder below `results`, on whose disk journals are. Waits for the worker: a second or
// two. Throws UserError when it cannot be started or does not get through.
NullMeasurement run_null_measurement(const std::filesystem::path& results, const std::string& device,
                                     int64_t threads);

}  // namespace timetrial
