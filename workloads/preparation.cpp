#include "workloads/preparation.h"

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

constexpr const char* kManifestName = "manifest.json";
constexpr int kManifestFormat = 1;

// "criteo1tb --tier mini": the arguments of `timetrial prepare` that make this data set.
std::string prepare_command(const std::filesystem::path& data_set, const std::string& workload) {
  std::filesystem::path folder = data_set.lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  return "timetrial prepare " + workload + " --tier " + folder.filename().string();
}

}  // namespace

void DataPreparation::complete_mini(const std::filesystem::path&) const {}

void DataPreparation::pack(const std::filesystem::path&, const PreparationProgress&) const {
  throw UserError({"this data set has no packed form", data_set(), "", "leave --pack out"});
}

DataSetManifest read_manifest(const std::filesystem::path& data_set, const std::string& workload) {
  const std::filesystem::path file = data_set / kManifestName;
  const std::string command = prepare_command(data_set, workload);
  if (!std::filesystem::exists(file)) {
    throw UserError({"the data set of " + workload + " is missing or was never completed", data_set.string(),
                     "", "run `" + command + "`, or name the right data directory with --data"});
  }
  try {
    const auto json = nlohmann::json::parse(read_whole_file(file));
    if (json.at("format").get<int>() != kManifestFormat) {
      throw UserError({"the manifest has another format than this program reads", file.string(),
                       json.at("format").dump(), "run `" + command + "` again"});
    }
    DataSetManifest manifest;
    manifest.id = json.at("id").get<std::string>();
    manifest.description = json.at("description").get<std::string>();
    manifest.examples = json.at("examples").get<std::map<std::string, int64_t>>();
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    throw UserError({"the manifest is damaged", file.string(), error.what(), "run `" + command + "` again"});
  }
}

std::filesystem::path training_folder(const std::filesystem::path& data_set, const std::string& workload) {
  const std::filesystem::path folder = data_set / kTrainingFolder;
  if (std::filesystem::is_directory(folder)) return folder;
  throw UserError(
      {"the training examples alone are missing, which is all that a strictly isolated trainer sees",
       folder.string(), "", "run `" + prepare_command(data_set, workload) + "`, which adds them"});
}

void write_manifest(const std::filesystem::path& data_set, const DataSetManifest& manifest) {
  const nlohmann::ordered_json json = {{"format", kManifestFormat},
                                       {"id", manifest.id},
                                       {"description", manifest.description},
                                       {"examples", manifest.examples}};
  write_whole_file(data_set / kManifestName, json.dump(2) + "\n");
}

}  // namespace timetrial
