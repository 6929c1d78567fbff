#pragma once

// A sweep as job arrays of SLURM, one task a trial.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/cluster/slurm.h"
#include "harness/cluster/submissions_file.h"
#include "harness/controller/sweep_plan.h"

namespace timetrial {

struct SubmitReport {
  int64_t finished = 0;   // have an outcome
  int64_t queued = 0;     // wait or run already
  int64_t submitted = 0;  // now
  std::vector<std::string> jobs;
};

// Submits every trial of the plan that has no outcome and neither waits nor runs. The plan is written.
// Throws UserError; what is submitted by then stays.
SubmitReport submit_sweep(const std::filesystem::path& results, const SweepPlan& plan,
                          const SlurmSettings& settings, const Slurm& slurm);

// By place in the plan, what SLURM has of the sweep. Pure.
std::map<int64_t, QueuedTask> tasks_by_trial(const Submissions& submissions,
                                             const std::vector<QueuedTask>& queue);

std::vector<std::string> job_names(const Submissions& submissions);

// Arguments of sbatch for one array. `after`: jobs that have to end first. Pure.
std::vector<std::string> submit_arguments(const SlurmSettings& settings, const SubmittedArray& submission,
                                          const std::string& tasks, const std::vector<std::string>& after,
                                          const std::filesystem::path& sweep_folder);

// The script of a task: its argument is the offset of the array. Pure.
std::string job_script(const SlurmSettings& settings, const std::filesystem::path& program,
                       const std::filesystem::path& results, const std::string& id);

}  // namespace timetrial
