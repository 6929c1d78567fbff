#pragma once

#include <algorithm>
#include <vector>

#include "results/exchange/import_problem.h"

namespace timetrial {

inline int64_t count_of(const ImportProblems& problems, ProblemKind kind) {
  return std::count_if(problems.begin(), problems.end(),
                       [&](const ImportProblem& problem) { return problem.kind == kind; });
}

// The only one of its kind; an empty one fails the comparison that follows.
inline ImportProblem only(const ImportProblems& problems, ProblemKind kind) {
  if (count_of(problems, kind) != 1) return {kind, "not there exactly once", ""};
  return *std::find_if(problems.begin(), problems.end(),
                       [&](const ImportProblem& problem) { return problem.kind == kind; });
}

}  // namespace timetrial
