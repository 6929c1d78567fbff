#include "plain_formula.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <gmock/gmock.h>

namespace timetrial {
namespace {

constexpr int64_t kSteps = 50;
constexpr double kFloat64Tolerance = 1e-10;

std::vector<double> values_of(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.detach().to(at::kDouble).contiguous();
  return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

std::vector<PlainTensor> plain_tensors(const TraceProblem& problem) {
  std::vector<PlainTensor> tensors;
  for (const Parameter& parameter : problem.parameters) {
    tensors.push_back({parameter.tensor.sizes().vec(), values_of(parameter.tensor),
                       values_of(parameter.tensor.grad()), parameter.kind});
  }
  return tensors;
}

void store(const std::vector<PlainTensor>& tensors, TraceProblem& problem) {
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const at::Tensor values = at::tensor(tensors[i].values, at::kDouble).view(tensors[i].sizes);
    problem.parameters[i].tensor.data().copy_(values);
  }
}

void train_plainly(const PlainUpdate& update, TraceProblem& problem, int64_t begin, int64_t end) {
  for (int64_t index = begin; index < end; ++index) {
    TraceStep(problem, index).backward({}, {});
    std::vector<PlainTensor> tensors = plain_tensors(problem);
    update(index, tensors);
    store(tensors, problem);
  }
}

void expect_near(const TraceProblem& found, const TraceProblem& expected, double tolerance,
                 const std::string& when) {
  for (std::size_t p = 0; p < expected.parameters.size(); ++p) {
    const std::vector<double> left = values_of(found.parameters[p].tensor);
    const std::vector<double> right = values_of(expected.parameters[p].tensor);
    double size = 0, difference = 0;
    for (std::size_t i = 0; i < right.size(); ++i) {
      size = std::max(size, std::abs(right[i]));
      difference = std::max(difference, std::abs(left[i] - right[i]));
    }
    EXPECT_LE(difference, tolerance * size) << expected.parameters[p].name << " " << when;
  }
}

void expect_moved(const TraceProblem& trained, const TraceProblem& untouched) {
  for (std::size_t p = 0; p < trained.parameters.size(); ++p) {
    EXPECT_FALSE(trained.parameters[p].tensor.equal(untouched.parameters[p].tensor))
        << trained.parameters[p].name;
  }
}

std::unique_ptr<TraceProblem> prepared_problem(const FormulaCase& formula_case, at::ScalarType dtype) {
  auto problem = make_trace_problem(formula_case.problem, dtype);
  formula_case.prepare(*problem);
  return problem;
}

}  // namespace

void expect_follows_formula(const FormulaCase& formula_case) {
  const auto problem = prepared_problem(formula_case, at::kDouble);
  const auto single = prepared_problem(formula_case, at::kFloat);
  const auto expected = prepared_problem(formula_case, at::kDouble);
  TestedSubmission submission(formula_case.submission, formula_case.point, problem->parameters,
                              formula_case.step_hint);
  TestedSubmission in_single(formula_case.submission, formula_case.point, single->parameters,
                             formula_case.step_hint);
  const PlainUpdate formula = formula_case.formula();
  for (int64_t step = 10; step <= kSteps; step += 10) {
    train(submission, *problem, step - 10, step);
    train_plainly(formula, *expected, step - 10, step);
    expect_near(*problem, *expected, kFloat64Tolerance, "in float64 after step " + std::to_string(step));
  }
  train(in_single, *single, 0, kSteps);
  expect_near(*single, *expected, formula_case.float32_tolerance, "in float32");
  expect_moved(*expected, *prepared_problem(formula_case, at::kDouble));
  EXPECT_TRUE(submission.hyperparameters().unread().empty());
}

void expect_refused(const std::string& submission, const Point& point,
                    const std::vector<std::string>& texts) {
  const auto problem = make_trace_problem("mlp", at::kFloat);
  try {
    TestedSubmission refusing(submission, point, problem->parameters, 50);
    train(refusing, *problem, 0, 1);
    ADD_FAILURE() << "nothing was thrown, but expected: " << texts.front();
  } catch (const std::runtime_error& error) {
    for (const std::string& text : texts) EXPECT_THAT(error.what(), testing::HasSubstr(text));
  }
}

}  // namespace timetrial
