#pragma once

// Sweeps that leave a plan behind (harness/controller/sweep_plan.h), here and on a cluster.

#include <filesystem>
#include <vector>

#include "harness/cluster/site_settings.h"
#include "harness/controller/sweep_plan.h"

namespace timetrial {

// Runs the trials here. Returns the exit code.
int run_planned_sweep(const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
                      int64_t jobs);

// Submits them to SLURM, those that are finished, waiting or running already left out.
int submit_planned_sweep(const std::vector<TrialSpec>& specs, const std::filesystem::path& results,
                         const SlurmSettings& settings);

}  // namespace timetrial
