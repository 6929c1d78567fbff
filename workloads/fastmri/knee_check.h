#pragma once

// Checks a data set of fastMRI's single-coil knees that the user brought.

#include <cstdint>
#include <filesystem>

#include "workloads/preparation.h"

namespace timetrial {

struct KneeCounts {
  int64_t train_files = 0;
  int64_t held_out_files = 0;
  int64_t validation_files = 0;  // the first of the held-out ones
  int64_t train_slices = 0;
  int64_t validation_slices = 0;
  int64_t test_slices = 0;
  int64_t side = 0;  // of the images
};

inline constexpr KneeCounts kOfficialKneeCounts = {973, 199, 100, 34742, 3554, 3581, 320};

// Opens every file and reads its middle slice. Throws UserError for a damaged file, and with both numbers
// when files or slices are missing, as in a folder that is half downloaded. Returns the manifest.
DataSetManifest check_knee_folders(const std::filesystem::path& folder, const KneeCounts& expected,
                                   const PreparationProgress& progress);

}  // namespace timetrial
