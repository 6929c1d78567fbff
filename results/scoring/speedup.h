#pragma once

// Speedups over one submission, as AlgoPerf documents them: the time of the reference divided by that of the
// submission, so that more than 1 is faster, and the geometric mean over the base workloads. (AlgoPerf's
// script prints the reciprocal.) A target that was not reached counts as the workload's budget and one second
// more. Pure.

#include <map>
#include <optional>
#include <string>

#include "results/scoring/score.h"

namespace timetrial {

struct Speedup {
  std::map<std::string, std::optional<double>>
      by_workload;                       // base workloads; empty: one of the two has no data
  std::optional<double> geometric_mean;  // empty: some workload has none
};

// Submission -> its speedup; the reference itself has 1 everywhere. Throws UserError when the reference is
// not among the submissions.
std::map<std::string, Speedup> speedups_over(const std::string& reference, const Score& score);

}  // namespace timetrial
