#pragma once

#include <filesystem>
#include <string>

#include "workloads/preparation.h"

namespace timetrial {

// Counts the kernels of the three splits, and names the data set after its files' contents: id_prefix and a
// hash. Throws UserError where a split is missing.
DataSetManifest tile_manifest(const std::filesystem::path& data_set, const std::string& id_prefix,
                              const std::string& description);

// Of one that was measured (cpu_tile/measured_collection.h), this program's or the user's.
DataSetManifest measured_tile_manifest(const std::filesystem::path& data_set);

}  // namespace timetrial
