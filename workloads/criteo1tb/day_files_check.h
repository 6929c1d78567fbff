#pragma once

// Checks a Criteo data set that the user brought.

#include <cstdint>
#include <filesystem>

#include "workloads/preparation.h"

namespace timetrial {

struct CriteoCounts {
  int64_t train = 0;
  int64_t validation = 0;
  int64_t test = 0;

  bool operator==(const CriteoCounts&) const = default;
};

// Days 0-22; day 23 files 19-35; day 23 files 00-18.
inline constexpr CriteoCounts kOfficialCriteoCounts = {4195197692, 83274637, 95000000};

// Parses the first and the last rows of every file and counts the lines of all of them, which takes as long
// as reading the data set once; counts are kept in row_counts.txt beside the files, so that an interrupted
// check goes on where it was. Throws UserError for a bad row, a missing file, or counts other than
// `expected`. Returns the manifest.
DataSetManifest check_day_files(const std::filesystem::path& folder, const CriteoCounts& expected,
                                const PreparationProgress& progress);

}  // namespace timetrial
