#pragma once

// Measures what the harness itself costs on this machine (harness/journal/null_measurement.h), with the code
// that trials run.

#include <filesystem>

#include "harness/device/device.h"
#include "harness/journal/null_measurement.h"

namespace timetrial {

// `folder`: on the disk of the results; a journal and checkpoints are left in it. Everything but the "worker"
// entry, which only the parent of this process can measure. About a second. Throws UserError as a trial would
// (full disk).
NullMeasurement measure_harness(Device& device, const std::filesystem::path& folder);

}  // namespace timetrial
