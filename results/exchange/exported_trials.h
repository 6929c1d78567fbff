#pragma once

// Which trials an export holds, and where they stand in AlgoPerf's layout. Pure.

#include <filesystem>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

// The trials that count in a score: of those with the same submission, workload, study and number the newest,
// in the order given. Throws UserError for names that cannot be a directory.
std::vector<const TrialResult*> trials_to_export(const std::vector<TrialResult>& trials);

// "pytorch" or "jax" for an imported trial that tells, else `otherwise`.
std::string framework_of(const TrialResult& trial, const std::string& otherwise);

// "adamw/study_0/mnist_pytorch/trial_1" for each of `trials`. AlgoPerf counts trials from 1, we from 0: our
// own get one more than their number, imported ones keep theirs. One framework a submission and workload,
// since AlgoPerf's scorer refuses two.
std::vector<std::filesystem::path> algoperf_paths(const std::vector<const TrialResult*>& trials);

}  // namespace timetrial
