#pragma once

// Submissions against plain formulations of their algorithms: loops over std::vector<double>, written from
// the paper for the test.

#include <functional>
#include <string>
#include <vector>

#include "tested_submission.h"

namespace timetrial {

struct PlainTensor {
  std::vector<int64_t> sizes;
  std::vector<double> values;    // row-major
  std::vector<double> gradient;  // row-major
  ParameterKind kind = ParameterKind::weight;
};

// One update of all tensors with the 0-based number `step`. Keeps its state between calls.
using PlainUpdate = std::function<void(int64_t step, std::vector<PlainTensor>& tensors)>;

struct FormulaCase {
  std::string submission;
  Point point;
  int64_t step_hint = 50;
  std::string problem;  // "quad" or "mlp"
  std::function<PlainUpdate()> formula;
  double float32_tolerance = 1e-5;
  // Changes the problem before training; the submission is handed the result.
  std::function<void(TraceProblem&)> prepare = [](TraceProblem&) {};
};

// 50 steps in float64 agree to 1e-10 after every ten, relative to the largest entry of a tensor, and those in
// float32 to the case's tolerance after the last. The parameters must have moved.
void expect_follows_formula(const FormulaCase& formula_case);

// The submission refuses the point in initialize() or its first update with a message that holds every text.
void expect_refused(const std::string& submission, const Point& point, const std::vector<std::string>& texts);

}  // namespace timetrial
