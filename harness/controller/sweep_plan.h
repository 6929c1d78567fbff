#pragma once

// A sweep as a file: <results>/sweeps/<id>/plan.json says which trials it has, in their order, and how they
// are run. It outlives the program that runs them, so that `timetrial sweep --resume` goes on, and machines
// of a cluster find their trial by its place in the list. The id is a checksum of kind and trials: the same
// command finds its plan again.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/journal/trial_spec.h"

namespace timetrial {

enum class SweepKind { local, slurm };

struct SweepPlan {
  std::string id;
  SweepKind kind = SweepKind::local;
  int64_t jobs = 1;                 // trials at a time; 0: as many as a cluster has room for
  double unix_seconds = 0;          // when it was last begun or resumed
  std::vector<std::string> trials;  // directories below <results>/trials
};

std::filesystem::path sweep_folder(const std::filesystem::path& results, const std::string& id);

// Without a time.
SweepPlan make_sweep_plan(const std::vector<TrialSpec>& specs, SweepKind kind, int64_t jobs);

// Writes the trial.json of every trial that has none yet, then the plan. Throws UserError.
void write_sweep_plan(const std::filesystem::path& results, const SweepPlan& plan,
                      const std::vector<TrialSpec>& specs);

// Throws UserError naming what is wrong with the file.
SweepPlan read_sweep_plan(const std::filesystem::path& results, const std::string& id);

// `id` "": the one last begun. Throws UserError when there is none, listing those there are.
SweepPlan find_sweep_plan(const std::filesystem::path& results, const std::string& id);

// Whatever can be read, the newest first.
std::vector<SweepPlan> sweep_plans(const std::filesystem::path& results);

std::vector<std::filesystem::path> trial_directories_of(const std::filesystem::path& results,
                                                        const SweepPlan& plan);
// Throws UserError when one of them cannot be read, or has been moved to another trial's place.
std::vector<TrialSpec> specs_of(const std::filesystem::path& results, const SweepPlan& plan);

}  // namespace timetrial
