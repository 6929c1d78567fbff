#pragma once

// A submission of this build on a trace problem.

#include <string>

#include "harness/worker/traced_submission.h"

namespace timetrial {

using Point = HyperparameterMap;

// name: of the library, without ".so", in the build's folder of submissions.
inline std::filesystem::path built_submission(const std::string& name) {
  return std::filesystem::path(TIMETRIAL_SUBMISSION_DIR) / (name + ".so");
}

class TestedSubmission : public TracedSubmission {
 public:
  TestedSubmission(const std::string& name, const Point& point, const ParameterList& parameters,
                   int64_t step_hint)
      : TracedSubmission(built_submission(name), point, parameters, step_hint) {}
};

// Makes the updates from the 0-based number `begin` up to, not including, `end`.
inline void train(TracedSubmission& submission, TraceProblem& problem, int64_t begin, int64_t end) {
  for (int64_t step = begin; step < end; ++step) submission.advance(problem, step);
}

// A step hint so long that 50 steps of any schedule without warm-up use its peak, to the last bit but a few.
inline constexpr int64_t kEndless = int64_t{1} << 50;

}  // namespace timetrial
