#include "workloads/fastmri/knee_check.h"

#include <string>
#include <vector>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"
#include "workloads/fastmri/knee_folders.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCompleteIt =
    "download the missing files of fastMRI's single-coil knees (each archive of the official page once), and "
    "take "
    "away what does not belong there";

void check_count(const std::string& what, const fs::path& folder, int64_t found, int64_t expected) {
  if (found == expected) return;
  throw UserError({"there should be " + std::to_string(expected) + " " + what, folder.string(),
                   std::to_string(found), kCompleteIt});
}

class SplitCheck {
 public:
  SplitCheck(int64_t side, int64_t all_files, const PreparationProgress& progress)
      : side_(side), all_files_(all_files), progress_(progress) {}

  int64_t count_slices(const std::vector<fs::path>& files) {
    int64_t slices = 0;
    for (const auto& file : files) {
      const VolumeFile volume = open_volumes({file}, side_).front();
      std::vector<std::complex<float>> kspace(static_cast<size_t>(volume.rows * volume.columns));
      std::vector<float> image(static_cast<size_t>(side_ * side_));
      read_slice(volume, volume.slices / 2, kspace.data(), image.data());
      slices += volume.slices;
      const std::string line = file.filename().string() + ' ' + std::to_string(fs::file_size(file)) + '\n';
      names_.update(line.data(), line.size());
      progress_("files checked", ++done_, all_files_);
    }
    return slices;
  }

  // Names and sizes of all files seen.
  std::string fingerprint() { return names_.finish().substr(0, 16); }

 private:
  int64_t side_;
  int64_t all_files_;
  const PreparationProgress& progress_;
  int64_t done_ = 0;
  Sha256 names_;
};

}  // namespace

DataSetManifest check_knee_folders(const fs::path& folder, const KneeCounts& expected,
                                   const PreparationProgress& progress) {
  const KneeFiles all = list_knee_files(folder, 0);
  check_count("files", folder / kTrainFolder, static_cast<int64_t>(all.train.size()), expected.train_files);
  check_count("files", folder / kHeldOutFolder, static_cast<int64_t>(all.test.size()),
              expected.held_out_files);
  const KneeFiles files = list_knee_files(folder, expected.validation_files);
  SplitCheck check(expected.side, expected.train_files + expected.held_out_files, progress);
  DataSetManifest manifest;
  const auto count = [&](const char* split, const std::vector<fs::path>& split_files, int64_t slices) {
    const int64_t found = check.count_slices(split_files);
    check_count(std::string("slices in the ") + split + " split", folder, found, slices);
    manifest.examples[split] = found;
  };
  count("train", files.train, expected.train_slices);
  count("validation", files.validation, expected.validation_slices);
  count("test", files.test, expected.test_slices);
  manifest.id = "fastmri-full-" + check.fingerprint();
  manifest.description = "fastMRI single-coil knees (NYU Langone's terms), brought by the user";
  return manifest;
}

}  // namespace timetrial
