#pragma once

#include <filesystem>

#include "workloads/preparation.h"

namespace timetrial {

// Of one that was measured (cpu_layout/measured_layouts.h), this program's or the user's.
DataSetManifest measured_layout_manifest(const std::filesystem::path& data_set);

// Adds to the programs of such a one what a data set has besides: segments by METIS and, last, the manifest.
void complete_measured_layouts(const std::filesystem::path& data_set, const PreparationProgress& progress);

}  // namespace timetrial
