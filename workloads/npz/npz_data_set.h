#pragma once

// Data sets whose folders train, valid and test hold .npz files, one an example.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/preparation.h"

namespace timetrial {

struct NpzDataSet {
  std::string id_prefix;  // of its id, which a hash ends
  std::string description;
  std::string cure;                       // how to get what is missing
  std::vector<std::string> more_files{};  // that its examples need, besides
};

// Counts the examples of a data set, and names it after the contents of its files. Throws UserError where a
// split or one of the other files is missing.
DataSetManifest npz_manifest(const std::filesystem::path& data_set, const NpzDataSet& what);

// Files that are part of this program (timetrial_embed() in cmake/), by their paths in a data set.
struct EmbeddedFiles {
  std::vector<std::string> names;
  std::string_view (*contents)(std::string_view name);

  int64_t bytes() const;
  // Throws UserError as write_whole_file().
  void write(const std::filesystem::path& data_set, const PreparationProgress& progress) const;
};

}  // namespace timetrial
