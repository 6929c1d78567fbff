// Adafactor by its paper: factored second moments, updates clipped by their root mean square, momentum.

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "plain_formula.h"

namespace timetrial {
namespace {

struct PlainAdafactor {
  double rate, beta1, beta2, weight_decay, threshold;

  PlainUpdate operator()() const {
    std::vector<std::vector<double>> m(10, std::vector<double>(200)), rows = m, columns = m;
    return [*this, m, rows, columns](int64_t step, std::vector<PlainTensor>& tensors) mutable {
      const double t = static_cast<double>(step + 1);
      const double beta2_t = beta2 * (1 - std::pow(beta2, t - 1)) / (1 - std::pow(beta2, t));
      for (std::size_t p = 0; p < tensors.size(); ++p) {
        update(tensors[p], beta2_t, m[p], rows[p], columns[p]);
      }
    };
  }

  // A tensor of one dimension is a matrix of single columns without its column average.
  void update(PlainTensor& tensor, double beta2_t, std::vector<double>& m, std::vector<double>& rows,
              std::vector<double>& columns) const {
    const bool factored = tensor.sizes.size() >= 2;
    const auto width = static_cast<std::size_t>(factored ? tensor.sizes.back() : 1);
    const auto height = static_cast<std::size_t>(factored ? tensor.sizes[tensor.sizes.size() - 2] : 1);
    const std::size_t matrices = tensor.values.size() / (width * height);
    std::vector<double> change(tensor.values.size());
    for (std::size_t k = 0; k < matrices; ++k) {
      const double* g = tensor.gradient.data() + k * width * height;
      double* row = rows.data() + k * height;
      double* column = columns.data() + k * width;
      for (std::size_t i = 0; i < height; ++i) {
        double mean = 0;
        for (std::size_t j = 0; j < width; ++j) mean += g[i * width + j] * g[i * width + j] + 1e-30;
        row[i] = beta2_t * row[i] + (1 - beta2_t) * mean / static_cast<double>(width);
      }
      for (std::size_t j = 0; j < width; ++j) {
        double mean = 0;
        for (std::size_t i = 0; i < height; ++i) mean += g[i * width + j] * g[i * width + j] + 1e-30;
        column[j] = beta2_t * column[j] + (1 - beta2_t) * mean / static_cast<double>(height);
      }
      double mean_row = 0;
      for (std::size_t i = 0; i < height; ++i) mean_row += row[i] / static_cast<double>(height);
      for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
          const double second = factored ? row[i] * column[j] / mean_row : row[i];
          change[k * width * height + i * width + j] = g[i * width + j] / std::sqrt(second);
        }
      }
    }
    double squares = 0;
    for (const double u : change) squares += u * u;
    const double rms = std::sqrt(squares / static_cast<double>(change.size()));
    for (std::size_t i = 0; i < change.size(); ++i) {
      m[i] = beta1 * m[i] + (1 - beta1) * rate * change[i] / std::max(1.0, rms / threshold);
      tensor.values[i] -= weight_decay * rate * tensor.values[i];
      tensor.values[i] -= m[i];
    }
  }
};

// A rate without warm-up and so far from the end of its schedule that it is constant.
FormulaCase formula_case(const PlainAdafactor& plain, const std::string& problem) {
  FormulaCase formula;
  formula.submission = "adafactor";
  formula.point = {{"learning_rate", plain.rate},
                   {"one_minus_beta1", 1 - plain.beta1},
                   {"beta2", plain.beta2},
                   {"weight_decay", plain.weight_decay},
                   {"clipping_threshold", plain.threshold},
                   {"warmup_factor", 0.0},
                   {"epsilon", 1e-30}};
  formula.step_hint = kEndless;
  formula.problem = problem;
  formula.formula = plain;
  return formula;
}

class Adafactor : public testing::TestWithParam<std::string> {};

TEST_P(Adafactor, FollowsThePaper) {
  expect_follows_formula(formula_case({0.02, 0.9, 0.97, 0.1, 1.0}, GetParam()));
}

TEST_P(Adafactor, LimitsEveryUpdateThatIsLongerThanItsThreshold) {
  expect_follows_formula(formula_case({0.03, 0.7, 0.8, 0.05, 0.4}, GetParam()));
}

INSTANTIATE_TEST_SUITE_P(All, Adafactor, testing::Values("quad", "mlp"),
                         [](const auto& test) { return test.param; });

TEST(AdafactorSubmission, KeepsOneNumberARowAndOneAColumn) {
  const auto problem = make_trace_problem("quad", at::kFloat);
  TestedSubmission submission("adafactor", {}, problem->parameters, 50);
  const State state = submission.save();
  // a.weight [6, 4], b [5], k.weight [3, 2, 2, 2]
  EXPECT_EQ(state.get_integer("second_moments.count"), 5);
  EXPECT_EQ(state.get("second_moments.0").sizes(), (at::IntArrayRef{6}));
  EXPECT_EQ(state.get("second_moments.1").sizes(), (at::IntArrayRef{4}));
  EXPECT_EQ(state.get("second_moments.2").sizes(), (at::IntArrayRef{5}));
  EXPECT_EQ(state.get("second_moments.3").sizes(), (at::IntArrayRef{3, 2, 2}));
  EXPECT_EQ(state.get("second_moments.4").sizes(), (at::IntArrayRef{3, 2, 2}));
}

TEST(AdafactorSubmission, AGradientOfZerosMovesNothingAndBreaksNothing) {
  const auto problem = make_trace_problem("quad", at::kFloat);
  TestedSubmission submission("adafactor", {{"weight_decay", 0.0}, {"warmup_factor", 0.0}},
                              problem->parameters, 50);
  const at::Tensor before = problem->parameters[0].tensor.detach().clone();
  TraceStep step(*problem, 0, [](const ParameterList& parameters) {
    for (const Parameter& parameter : parameters) parameter.tensor.mutable_grad().zero_();
  });
  submission.update(step);
  EXPECT_TRUE(problem->parameters[0].tensor.equal(before));
}

TEST(AdafactorSubmission, TrainsWithoutAnyHyperparameter) {
  const auto problem = make_trace_problem("mlp", at::kFloat);
  const double before = problem->current_loss();
  TestedSubmission submission("adafactor", {}, problem->parameters, 100);
  train(submission, *problem, 0, 100);
  EXPECT_LT(problem->current_loss(), before);
}

TEST(AdafactorSubmission, NamesAValueThatMakesNoSense) {
  expect_refused("adafactor", {{"learning_rate", -1.0}}, {"learning_rate", "-1"});
  expect_refused("adafactor", {{"one_minus_beta1", 0.0}}, {"one_minus_beta1", "above 0"});
  expect_refused("adafactor", {{"beta2", 1.0}}, {"beta2", "below 1"});
  expect_refused("adafactor", {{"clipping_threshold", 0.0}}, {"clipping_threshold", "above 0"});
}

}  // namespace
}  // namespace timetrial
