#pragma once

// Ruleset + benchmark + search space + seed -> the list of trials to run. Pure: same arguments, same plan.

#include <cstdint>
#include <string>
#include <vector>

#include "tuning/ruleset.h"
#include "tuning/search_space.h"

namespace timetrial {

struct StudyTrial {
  WorkloadRules rules;       // budget already multiplied by the ruleset's factor
  int64_t study = 0;         // 0-based
  int64_t trial = 0;         // 0-based within the study
  Point hyperparameters;     // empty under self-tuning
  std::string point_source;  // "halton point 3 of 15", "list entry 1 of 5", "self-tuning"
  // Differs for every (workload, study, trial) and is the same for every submission, so that submissions
  // start from the same initial weights and see the same order of data.
  uint64_t seed = 0;
};

struct StudyRequest {
  const Ruleset& ruleset;
  const Benchmark& benchmark;
  std::string hardware_class;          // "" = the benchmark's default
  std::vector<std::string> workloads;  // full names; empty = all of the ruleset
  const SearchSpace* space =
      nullptr;  // required under external tuning, refused under self-tuning (UserError)
  uint64_t seed = 0;
};

// Ordered by workload, study, trial. Halton points: studies × trials points are drawn and dealt to studies by
// a shuffle seeded from the plan's seed, the same for every workload. A list: every study uses the same first
// `trials_per_study` entries (AlgoPerf's rule).
std::vector<StudyTrial> plan_study(const StudyRequest& request);

}  // namespace timetrial
