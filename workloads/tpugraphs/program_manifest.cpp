#include "workloads/tpugraphs/program_manifest.h"

#include <utility>

#include "harness/digest/sha256.h"
#include "workloads/tpugraphs/program_file.h"

namespace timetrial {
namespace {

constexpr size_t kIdDigits = 16;

}  // namespace

DataSetManifest program_manifest(const std::filesystem::path& data_set, const std::string& id_prefix,
                                 const std::string& description) {
  DataSetManifest manifest;
  manifest.description = description;
  Sha256 all;
  for (const auto& [split, folder] :
       {std::pair{"train", "train"}, std::pair{"validation", "valid"}, std::pair{"test", "test"}}) {
    const auto files = program_files(data_set / folder);
    manifest.examples[split] = std::ssize(files);
    for (const std::filesystem::path& file : files) {
      const std::string line =
          std::string(folder) + "/" + file.filename().string() + " " + sha256_of_file(file) + "\n";
      all.update(line.data(), line.size());
    }
  }
  manifest.id = id_prefix + all.finish().substr(0, kIdDigits);
  return manifest;
}

}  // namespace timetrial
