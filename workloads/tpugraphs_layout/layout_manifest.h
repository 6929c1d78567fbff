#pragma once

#include <filesystem>

#include "workloads/preparation.h"

namespace timetrial {

// Of one that was measured (cpu_layout/measured_layouts.h), this program's or the user's.
DataSetManifest measured_layout_manifest(const std::filesystem::path& data_set);

}  // namespace timetrial
