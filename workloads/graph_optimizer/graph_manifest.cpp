#include "workloads/graph_optimizer/graph_manifest.h"

#include <string>
#include <utility>
#include <vector>

#include "harness/digest/sha256.h"
#include "workloads/graph_optimizer/graphs/graph_heuristics.h"
#include "workloads/npz/npz_folder.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr size_t kManifestDigits = 16;
constexpr const char* kWritten = "write them by `timetrial-worker export-graphs` (README of graph_optimizer)";

void add_file(Sha256& all, const fs::path& data_set, const fs::path& file) {
  const std::string line = fs::relative(file, data_set).generic_string() + " " + sha256_of_file(file) + "\n";
  all.update(line.data(), line.size());
}

}  // namespace

DataSetManifest graph_manifest(const fs::path& data_set) {
  DataSetManifest manifest;
  manifest.description =
      "Training steps of this program's models as graphs of operations with costs, for a simulated machine";
  Sha256 all;
  for (const auto& [split, folder] :
       {std::pair{"train", "train"}, std::pair{"validation", "valid"}, std::pair{"test", "test"}}) {
    const std::vector<fs::path> files = npz_files(data_set / folder, kWritten);
    manifest.examples[split] = std::ssize(files);
    for (const fs::path& file : files) add_file(all, data_set, file);
  }
  add_file(all, data_set, data_set / kBaselinesFile);
  manifest.id = "graphs-" + all.finish().substr(0, kManifestDigits);
  return manifest;
}

}  // namespace timetrial
