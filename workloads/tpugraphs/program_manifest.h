#pragma once

#include <filesystem>
#include <string>

#include "workloads/preparation.h"

namespace timetrial {

// Of a data set whose folders train, valid and test hold a .npz file a program: counts them, and names the
// data set after the files' contents, id_prefix and a hash. Throws UserError where a split is missing.
DataSetManifest program_manifest(const std::filesystem::path& data_set, const std::string& id_prefix,
                                 const std::string& description);

}  // namespace timetrial
