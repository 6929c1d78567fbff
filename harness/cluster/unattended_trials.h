#pragma once

// Trials that run without a controller: those of a sweep that SLURM runs. Somebody has to fold their journals
// into the result file.

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "results/store/store.h"

namespace timetrial {

struct FoldReport {
  int64_t folded = 0;  // trials that had something new
  bool all = true;     // false: there was no time for all
  std::vector<std::string> problems;
};

class UnattendedTrials {
 public:
  // Of all SLURM sweeps below `results` but those in `finished`, which the result file has whole.
  UnattendedTrials(const std::filesystem::path& results, const std::set<std::string>& finished);

  // Folds what has grown since the last call, until `most_seconds` have gone by; the next call goes on there.
  FoldReport fold(Store& store, double most_seconds);

  size_t open() const { return trials_.size(); }  // trials that are not finished yet

 private:
  struct Trial {
    std::filesystem::path directory;
    std::uintmax_t bytes = 0;  // of the journal when it was folded last
  };

  std::vector<Trial> trials_;
  size_t next_ = 0;
};

}  // namespace timetrial
