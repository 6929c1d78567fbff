#include <array>
#include <string>

#include "harness/digest/sha256.h"
#include "workloads/data/package_download.h"
#include "workloads/fastmri/knee_check.h"
#include "workloads/fastmri/knee_folders.h"
#include "workloads/fastmri/kspace_synthesis.h"
#include "workloads/fastmri/mini_scan.h"
#include "workloads/fastmri/nifti_file.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMricron = "mricron-data";
const PypiPackage kNilearn = {"nilearn", "0.14.1", "nilearn-0.14.1-py3-none-any.whl",
                              "725206484e9fb3f6691f9c2d20204a068759d5072f12055324702ee0cb2bbe8a"};
constexpr int64_t kMricronBytes = 16122652;
constexpr int64_t kNilearnBytes = 11509444;
constexpr int64_t kDiskBytes = 190000000;  // unpacked packages and volume files
constexpr const char* kIdPrefix = "fastmri-mini-";

struct MiniVolume {
  const char* file;
  SliceAxis axis;
};

struct MiniHead {
  const char* image;  // in the package that holds it
  std::array<MiniVolume, 3> volumes;
};

// Heads of training and validation differ; the test split shows the validation head along another axis. Names
// within the held-out folder sort so that the first two are the validation split.
constexpr std::array<MiniHead, 2> kTrainHeads = {{
    {"usr/share/mricron/templates/ch2.nii.gz",
     {{{"ch2_axial.h5", SliceAxis::z}, {"ch2_coronal.h5", SliceAxis::y}, {"ch2_sagittal.h5", SliceAxis::x}}}},
    {"usr/share/mricron/templates/inia19-t1-brain.nii.gz",
     {{{"inia19_axial.h5", SliceAxis::z},
       {"inia19_coronal.h5", SliceAxis::y},
       {"inia19_sagittal.h5", SliceAxis::x}}}},
}};
constexpr MiniHead kHeldOutHead = {"nilearn/datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz",
                                   {{{"icbm152_1_axial.h5", SliceAxis::z},
                                     {"icbm152_2_sagittal.h5", SliceAxis::x},
                                     {"icbm152_3_coronal.h5", SliceAxis::y}}}};
constexpr int64_t kVolumes = 9;

SynthesisOptions synthesis_options(uint64_t seed) {
  SynthesisOptions options;
  options.rows = 160;
  options.columns = 128;
  options.side = kMiniSide;
  options.noise = 0.004;
  options.seed = seed;
  return options;
}

class FastmriPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "fastmri"; }

  PreparationPlan mini_plan() const override {
    return {kMricronBytes + kNilearnBytes,
            kDiskBytes,
            {"Debian: mricron-data (16 MB, BSD-3-clause)", "PyPI: nilearn 0.14.1 (12 MB, BSD-3-clause)"}};
  }

  void make_mini(const fs::path& data_set, const fs::path& cache,
                 const PreparationProgress& progress) const override {
    if (is_complete(data_set)) return;
    progress("downloading", 0, kMricronBytes + kNilearnBytes);
    const fs::path mricron = fetch_debian_package(kMricron, cache);
    progress("downloading", kMricronBytes, kMricronBytes + kNilearnBytes);
    const fs::path nilearn = fetch_pypi_package(kNilearn, cache);
    progress("downloading", kMricronBytes + kNilearnBytes, kMricronBytes + kNilearnBytes);
    int64_t written = 0;
    const auto write_head = [&](const fs::path& package, const MiniHead& head, const char* folder) {
      const Voxels voxels = half_resolution(read_nifti(package / head.image));
      for (const auto& [file, axis] : head.volumes) {
        VolumeContents contents =
            synthesise_kspace(voxels, axis, synthesis_options(static_cast<uint64_t>(written)));
        contents.patient = fs::path(head.image).filename().string();
        write_volume(data_set / folder / file, contents);
        progress("volumes written", ++written, kVolumes);
      }
    };
    for (const auto& head : kTrainHeads) write_head(mricron, head, kTrainFolder);
    write_head(nilearn, kHeldOutHead, kHeldOutFolder);
    write_manifest(data_set, manifest_of(data_set));
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    write_manifest(data_set, check_knee_folders(data_set, kOfficialKneeCounts, progress));
  }

 private:
  static bool is_complete(const fs::path& data_set) {
    if (!fs::exists(data_set / "manifest.json") ||
        !read_manifest(data_set, "fastmri").id.starts_with(kIdPrefix)) {
      return false;
    }
    const KneeFiles files = list_knee_files(data_set, kMiniValidationFiles);
    return static_cast<int64_t>(files.train.size() + files.validation.size() + files.test.size()) == kVolumes;
  }

  static DataSetManifest manifest_of(const fs::path& data_set) {
    const KneeFiles files = list_knee_files(data_set, kMiniValidationFiles);
    DataSetManifest manifest;
    Sha256 contents;
    const auto count = [&](const char* split, const std::vector<fs::path>& split_files) {
      manifest.examples[split] = count_slices(open_volumes(split_files, kMiniSide));
      for (const auto& file : split_files) {
        const std::string digest = sha256_of_file(file);
        contents.update(digest.data(), digest.size());
      }
    };
    count("train", files.train);
    count("validation", files.validation);
    count("test", files.test);
    manifest.id = kIdPrefix + contents.finish().substr(0, 16);
    manifest.description =
        "Brain images (Colin27 and INIA19 of mricron-data, ICBM152 of nilearn; BSD-3-clause) in fastMRI's "
        "layout: "
        "k-space synthesised from magnitudes, not measured";
    return manifest;
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_fastmri() {
  return std::make_unique<FastmriPreparation>();
}

bool holds_back_fastmri(const std::string& name) {
  return name == kHeldOutFolder;
}

}  // namespace timetrial
