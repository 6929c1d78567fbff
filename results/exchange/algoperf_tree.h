#pragma once

// The layout of AlgoPerf's logs: <submission>[-timestamp]/<study>/<workload>_<jax|pytorch>/trial_<n>/.
// Only looks at names; reads no file.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/exchange/import_problem.h"

namespace timetrial {

struct LoggedTrial {
  std::filesystem::path directory;
  std::string submission;  // without the time stamp
  int64_t study = 0;
  std::string workload;  // full name, without the framework
  std::string framework;
  int64_t trial = 0;   // the number of the directory, unless another trial of the study has it
  std::string source;  // "amos-2024-01-31-12-00-00/study_0/ogbg_jax/trial_1", wherever the tree lies
};

struct AlgoperfTree {
  std::vector<LoggedTrial> trials;  // by submission, study, workload, number
  ImportProblems problems;
};

// `directory`: one submission, or a folder of submissions one or two levels further up. Submissions are
// recognised by the workload directories two levels below. Throws UserError when there is none.
AlgoperfTree find_algoperf_trials(const std::filesystem::path& directory);

}  // namespace timetrial
