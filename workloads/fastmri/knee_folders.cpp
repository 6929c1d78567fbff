#include "workloads/fastmri/knee_folders.h"

#include <algorithm>
#include <string>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLayout =
    "put fastMRI's single-coil knee files there as knee_singlecoil_train/*.h5 and knee_singlecoil_val/*.h5, "
    "or "
    "run `timetrial prepare fastmri --tier mini` for the mini tier";

std::vector<fs::path> volume_files(const fs::path& folder) {
  if (!fs::is_directory(folder)) throw UserError({"the folder is missing", folder.string(), "", kLayout});
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".h5") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<fs::path> list_training_knee_files(const fs::path& folder) {
  std::vector<fs::path> files = volume_files(folder / kTrainFolder);
  if (files.empty()) {
    throw UserError(
        {"the training split is empty", (folder / kTrainFolder).string(), "no .h5 file", kLayout});
  }
  return files;
}

KneeFiles list_knee_files(const fs::path& folder, int64_t validation_files) {
  KneeFiles files;
  files.train = list_training_knee_files(folder);
  files.validation = volume_files(folder / kHeldOutFolder);
  if (static_cast<int64_t>(files.validation.size()) <= validation_files) {
    throw UserError({"the first " + std::to_string(validation_files) +
                         " files are the validation split, and no file is left for the test split",
                     (folder / kHeldOutFolder).string(), std::to_string(files.validation.size()) + " files",
                     kLayout});
  }
  const auto cut = files.validation.begin() + validation_files;
  files.test.assign(cut, files.validation.end());
  files.validation.erase(cut, files.validation.end());
  return files;
}

std::vector<VolumeFile> open_volumes(const std::vector<fs::path>& files, int64_t side) {
  std::vector<VolumeFile> volumes;
  volumes.reserve(files.size());
  for (const auto& file : files) {
    volumes.push_back(open_volume(file));
    const VolumeFile& volume = volumes.back();
    if (volume.height != side || volume.width != side) {
      throw UserError({"the images are not " + std::to_string(side) + " x " + std::to_string(side),
                       file.string(), std::to_string(volume.height) + " x " + std::to_string(volume.width),
                       "take this file away; it does not belong to this data set"});
    }
  }
  return volumes;
}

int64_t count_slices(const std::vector<VolumeFile>& volumes) {
  int64_t slices = 0;
  for (const auto& volume : volumes) slices += volume.slices;
  return slices;
}

}  // namespace timetrial
