#pragma once

// A result file as large as a field of submissions would ever make it.

#include <cstdint>
#include <filesystem>

namespace timetrial {

struct LargeField {
  int64_t submissions = 100;
  int64_t workloads = 100;
  int64_t studies = 5;
  int64_t trials_per_study = 20;
  int64_t evaluations = 5;  // of each trial

  int64_t trials() const { return submissions * workloads * studies * trials_per_study; }
};

void write_large_field(const std::filesystem::path& file, const LargeField& field);

}  // namespace timetrial
