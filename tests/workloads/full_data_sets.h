#pragma once

// Data sets of a few made-up examples in the official formats of the full tier, for benchmarks.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

struct FullDataSet {
  std::string workload;
  std::string folder;      // of the data set, under the data directory
  int64_t batch_size = 0;  // small enough for two cores
  void (*write)(const std::filesystem::path& data_set);
};

// One of every workload.
const std::vector<FullDataSet>& full_data_sets();

// Written to a temporary data directory, removed at the end.
class MadeUpDataSet {
 public:
  explicit MadeUpDataSet(const FullDataSet& data_set);
  ~MadeUpDataSet();
  MadeUpDataSet(const MadeUpDataSet&) = delete;
  MadeUpDataSet& operator=(const MadeUpDataSet&) = delete;

  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

}  // namespace timetrial
