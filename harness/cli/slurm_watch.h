#pragma once

// The part of `timetrial watch` that looks after sweeps on a cluster: they have no controller, so whoever
// watches folds their journals, and asks SLURM what waits and runs.

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "harness/cluster/slurm_sweep.h"
#include "harness/cluster/unattended_trials.h"
#include "results/store/store.h"

namespace timetrial {

class SlurmWatch {
 public:
  // `progress`: what the result file knows of.
  SlurmWatch(const std::filesystem::path& results, const std::vector<TrialProgress>& progress);

  bool any() const { return !sweeps_.empty(); }

  // For at most `most_seconds`. What cannot be folded is told, once.
  std::string fold(Store& store, double most_seconds);

  // A line for each sweep that is not finished.
  std::string text(const std::vector<TrialProgress>& progress);

 private:
  struct Sweep {
    SweepPlan plan;
    std::vector<std::string> directories;  // absolute
    Submissions submissions;
  };

  void ask_slurm();

  std::vector<Sweep> sweeps_;
  UnattendedTrials trials_;
  Slurm slurm_;
  std::vector<QueuedTask> queue_;
  std::string problem_;  // why SLURM does not tell
  std::chrono::steady_clock::time_point asked_;
  std::set<std::string> told_;
};

}  // namespace timetrial
