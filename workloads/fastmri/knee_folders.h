#pragma once

// The folders of a data set in fastMRI's layout: knee_singlecoil_train and knee_singlecoil_val with a volume
// in every file NAME.h5. The first files of the second folder, by name, are the validation split, the others
// test.

#include <cstdint>
#include <filesystem>
#include <vector>

#include "workloads/fastmri/volume_file.h"

namespace timetrial {

inline constexpr const char* kTrainFolder = "knee_singlecoil_train";
inline constexpr const char* kHeldOutFolder = "knee_singlecoil_val";

struct KneeFiles {
  std::vector<std::filesystem::path> train;  // each sorted by name
  std::vector<std::filesystem::path> validation;
  std::vector<std::filesystem::path> test;
};

// Throws UserError when a folder is missing or a split would be empty.
KneeFiles list_knee_files(const std::filesystem::path& folder, int64_t validation_files);

// The training split alone; the folder of the others need not be readable. Throws UserError as above.
std::vector<std::filesystem::path> list_training_knee_files(const std::filesystem::path& folder);

// Opens every file. Throws UserError for what open_volume() refuses, and for an image that is not
// `side` x `side`: all slices of a batch have one shape.
std::vector<VolumeFile> open_volumes(const std::vector<std::filesystem::path>& files, int64_t side);

int64_t count_slices(const std::vector<VolumeFile>& volumes);

}  // namespace timetrial
