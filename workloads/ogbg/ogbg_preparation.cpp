#include <string>

#include "embedded/b3db_files.h"
#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/ogbg/molecules.h"
#include "workloads/ogbg/task_counts.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kTrainingBytes = 6'400'000;  // of the mini tier's folder kTrainingFolder
constexpr int64_t kOfficialTraining = 350343;
constexpr int64_t kOfficialHeldOut = 43793;  // validation and test each

int64_t size_of(const std::vector<uint32_t>& split) {
  return static_cast<int64_t>(split.size());
}

DataSetManifest manifest_of(const Molecules& molecules, const std::string& id_prefix,
                            const std::string& description) {
  return {id_prefix + molecules_fingerprint(molecules),
          description,
          {{"train", size_of(molecules.train)},
           {"validation", size_of(molecules.validation)},
           {"test", size_of(molecules.test)}}};
}

fs::path place_of(const std::string& name) {
  const bool split = name.starts_with("train.") || name.starts_with("valid.") || name.starts_with("test.");
  return fs::path(split ? "split/scaffold" : "raw") / name;
}

bool is_complete(const fs::path& data_set) {
  for (const auto& name : b3db_files_names()) {
    if (!fs::exists(data_set / place_of(name))) return false;
  }
  return fs::exists(data_set / "manifest.json");
}

class OgbgPreparation : public DataPreparation {
 public:
  std::string data_set() const override { return "ogbg"; }

  PreparationPlan mini_plan() const override {
    int64_t bytes = kTrainingBytes;
    for (const auto& name : b3db_files_names()) bytes += static_cast<int64_t>(b3db_files(name).size());
    return {0, bytes, {"nothing: the B3DB molecules (0.3 MB, CC0) are part of this program"}};
  }

  void make_mini(const fs::path& data_set, const fs::path&,
                 const PreparationProgress& progress) const override {
    if (is_complete(data_set)) return complete_mini(data_set);
    const auto names = b3db_files_names();
    int64_t written = 0;
    for (const auto& name : names) {
      write_whole_file(data_set / place_of(name), b3db_files(name));
      progress("files written", ++written, static_cast<int64_t>(names.size()));
    }
    const Molecules molecules = read_molecules(data_set, kMiniTasks);
    write_molecules_training(molecules, data_set, data_set / kTrainingFolder);
    write_manifest(data_set,
                   manifest_of(molecules, "ogbg-mini-b3db-1.1.1-",
                               "Blood-brain barrier permeability of B3DB's molecules (CC0) in the layout of "
                               "ogbg-molpcba"));
  }

  void complete_mini(const fs::path& data_set) const override {
    const fs::path folder = data_set / kTrainingFolder;
    if (!has_molecules_training(folder))
      write_molecules_training(read_molecules(data_set, kMiniTasks), data_set, folder);
  }

  void check_full(const fs::path& data_set, const PreparationProgress& progress) const override {
    progress("reading molecules", 0, 0);
    const Molecules molecules = read_molecules(data_set, kFullTasks);
    if (size_of(molecules.train) != kOfficialTraining || size_of(molecules.validation) != kOfficialHeldOut ||
        size_of(molecules.test) != kOfficialHeldOut) {
      throw UserError({"the splits should hold " + std::to_string(kOfficialTraining) + ", " +
                           std::to_string(kOfficialHeldOut) + " and " + std::to_string(kOfficialHeldOut) +
                           " molecules (train, valid, test)",
                       data_set.string(),
                       std::to_string(molecules.train.size()) + ", " +
                           std::to_string(molecules.validation.size()) + ", " +
                           std::to_string(molecules.test.size()),
                       "unpack OGB's complete download of ogbg-molpcba there"});
    }
    write_molecules_training(molecules, data_set, data_set / kTrainingFolder);
    write_manifest(data_set,
                   manifest_of(molecules, "ogbg-full-", "ogbg-molpcba (OGB, MIT), brought by the user"));
  }
};

}  // namespace

std::unique_ptr<DataPreparation> prepare_ogbg() {
  return std::make_unique<OgbgPreparation>();
}

// All splits lie in the same tables, which are read before training.
bool holds_back_ogbg(const std::string& name) {
  return name != "manifest.json" && name != kTrainingFolder;
}

}  // namespace timetrial
