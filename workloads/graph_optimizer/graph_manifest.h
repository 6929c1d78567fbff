#pragma once

#include <filesystem>

#include "workloads/preparation.h"

namespace timetrial {

// Counts the graphs of the three splits, and names the data set after the contents of its files. Throws
// UserError where a split or the heuristics' times are missing.
DataSetManifest graph_manifest(const std::filesystem::path& data_set);

}  // namespace timetrial
