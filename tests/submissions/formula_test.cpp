// Submissions against the formulas of their papers, step by step in plain doubles, over a whole schedule.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "harness/worker/trace_problem.h"
#include "submission_table.h"

namespace timetrial {
namespace {

constexpr int64_t kFormulaSteps = 50;
constexpr int64_t kFormulaStepHint = 60;

formulas::Values values_of(const ParameterList& parameters, bool gradients) {
  formulas::Values values;
  for (const Parameter& parameter : parameters) {
    const at::Tensor flat = (gradients ? parameter.tensor.grad() : parameter.tensor.detach())
                                .to(at::kDouble)
                                .contiguous()
                                .flatten();
    values.emplace_back(flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel());
  }
  return values;
}

// The problem as a function from parameters to gradients.
formulas::Values gradient_at(TraceProblem& problem, int64_t step, const formulas::Values& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::copy(values[i].begin(), values[i].end(), problem.parameters[i].tensor.mutable_data_ptr<double>());
  }
  TraceStep(problem, step).backward({}, {});
  return values_of(problem.parameters, true);
}

formulas::Values trained_by_formula(const SubmissionCase& submission, const std::string& problem_name) {
  const auto problem = make_trace_problem(problem_name, at::kDouble);
  formulas::Training training;
  for (const auto& [name, value] : submission.point) {
    if (const auto* number = std::get_if<double>(&value)) training.hyperparameters[name] = *number;
  }
  training.step_hint = kFormulaStepHint;
  training.steps = kFormulaSteps;
  training.gradient = [&](int64_t step, const formulas::Values& values) {
    return gradient_at(*problem, step, values);
  };
  formulas::Values values = values_of(problem->parameters, false);
  submission.formula(training, values);
  return values;
}

formulas::Values trained_by_library(const SubmissionCase& submission, const std::string& problem_name,
                                    at::ScalarType dtype) {
  const auto problem = make_trace_problem(problem_name, dtype);
  TestedSubmission loaded(submission.library, submission.point, problem->parameters, kFormulaStepHint);
  train(loaded, *problem, 0, kFormulaSteps);
  return values_of(problem->parameters, false);
}

void expect_near(const formulas::Values& found, const formulas::Values& expected, double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].size(), expected[i].size());
    double largest = 0;
    double difference = 0;
    for (std::size_t j = 0; j < found[i].size(); ++j) {
      ASSERT_TRUE(std::isfinite(found[i][j]));
      largest = std::max(largest, std::abs(expected[i][j]));
      difference = std::max(difference, std::abs(found[i][j] - expected[i][j]));
    }
    EXPECT_LE(difference, tolerance * largest) << "parameter " << i;
  }
}

std::vector<SubmissionCase> cases_with_formula() {
  std::vector<SubmissionCase> cases = submission_cases();
  std::erase_if(cases, [](const SubmissionCase& submission) { return submission.formula == nullptr; });
  return cases;
}

class SubmissionFormula : public testing::TestWithParam<SubmissionCase> {};

TEST_P(SubmissionFormula, Float64FollowsItToTenDigits) {
  for (const char* problem : {"quad", "mlp"}) {
    SCOPED_TRACE(problem);
    expect_near(trained_by_library(GetParam(), problem, at::kDouble), trained_by_formula(GetParam(), problem),
                1e-10);
  }
}

TEST_P(SubmissionFormula, Float32StaysNearIt) {
  for (const char* problem : {"quad", "mlp"}) {
    SCOPED_TRACE(problem);
    expect_near(trained_by_library(GetParam(), problem, at::kFloat), trained_by_formula(GetParam(), problem),
                GetParam().float32_tolerance);
  }
}

INSTANTIATE_TEST_SUITE_P(All, SubmissionFormula, testing::ValuesIn(cases_with_formula()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace timetrial
