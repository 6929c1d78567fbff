#include "workloads/npz/npz_data_set.h"

#include <utility>

#include "harness/digest/sha256.h"
#include "workloads/data/whole_file.h"
#include "workloads/npz/npz_folder.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr size_t kIdDigits = 16;

void add_file(Sha256& all, const fs::path& data_set, const fs::path& name) {
  const std::string line = name.generic_string() + " " + sha256_of_file(data_set / name) + "\n";
  all.update(line.data(), line.size());
}

}  // namespace

DataSetManifest npz_manifest(const fs::path& data_set, const NpzDataSet& what) {
  DataSetManifest manifest;
  manifest.description = what.description;
  Sha256 all;
  for (const auto& [split, folder] :
       {std::pair{"train", "train"}, std::pair{"validation", "valid"}, std::pair{"test", "test"}}) {
    const std::vector<fs::path> files = npz_files(data_set / folder, what.cure);
    manifest.examples[split] = std::ssize(files);
    for (const fs::path& file : files) add_file(all, data_set, folder / file.filename());
  }
  for (const std::string& file : what.more_files) add_file(all, data_set, file);
  manifest.id = what.id_prefix + all.finish().substr(0, kIdDigits);
  return manifest;
}

int64_t EmbeddedFiles::bytes() const {
  int64_t sum = 0;
  for (const std::string& name : names) sum += static_cast<int64_t>(contents(name).size());
  return sum;
}

void EmbeddedFiles::write(const fs::path& data_set, const PreparationProgress& progress) const {
  int64_t written = 0;
  for (const std::string& name : names) {
    write_whole_file(data_set / name, contents(name));
    progress("files written", ++written, std::ssize(names));
  }
}

}  // namespace timetrial
