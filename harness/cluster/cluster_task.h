#pragma once

// One task of a job array: one trial of a plan, run on a machine of the cluster. Never opens the result file:
// thousands of tasks on a shared folder are no way to write SQLite.

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "harness/cluster/slurm.h"
#include "harness/controller/sweep_plan.h"

namespace timetrial {

enum class TaskEnd {
  done,         // the trial has an outcome, or another process runs it
  requeued,     // it was told to stop, saved its state, and SLURM will start it again
  interrupted,  // it was told to stop, or killed too often, and nobody starts it again by itself
};

// `stop`: becomes true on SIGTERM, from SLURM before the time ends or before another job takes the place.
// Says on stdout what happens. Throws UserError when the trial cannot be run.
TaskEnd run_cluster_task(const std::filesystem::path& results, const SweepPlan& plan, int64_t place,
                         const Slurm& slurm, const std::atomic<bool>& stop);

}  // namespace timetrial
