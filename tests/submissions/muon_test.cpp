// Muon by its paper: momentum, orthogonalised by five Newton-Schulz steps; AdamW for the rest.

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "plain_formula.h"

namespace timetrial {
namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix product(const Matrix& left, const Matrix& right) {
  Matrix result(left.size(), std::vector<double>(right.front().size(), 0.0));
  for (std::size_t i = 0; i < left.size(); ++i) {
    for (std::size_t j = 0; j < right.front().size(); ++j) {
      for (std::size_t k = 0; k < right.size(); ++k) result[i][j] += left[i][k] * right[k][j];
    }
  }
  return result;
}

Matrix transposed(const Matrix& matrix) {
  Matrix result(matrix.front().size(), std::vector<double>(matrix.size()));
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix.front().size(); ++j) result[j][i] = matrix[i][j];
  }
  return result;
}

// Never transposes for speed: X X' X is the same from either side.
Matrix newton_schulz(Matrix x) {
  double squares = 0;
  for (const auto& row : x) {
    for (const double value : row) squares += value * value;
  }
  for (auto& row : x) {
    for (double& value : row) value /= std::sqrt(squares) + 1e-7;
  }
  for (int step = 0; step < 5; ++step) {
    const Matrix cubic = product(product(x, transposed(x)), x);
    const Matrix quintic = product(product(x, transposed(x)), cubic);
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < x[i].size(); ++j) {
        x[i][j] = 3.4445 * x[i][j] - 4.7750 * cubic[i][j] + 2.0315 * quintic[i][j];
      }
    }
  }
  return x;
}

struct PlainMuon {
  double rate, adam_rate, momentum, weight_decay, beta1, beta2, adam_decay;
  bool nesterov, match_adam;
  int64_t warmup_steps, steps;  // of the schedule

  double schedule(double peak, int64_t step) const {
    const double pi = std::acos(-1.0);
    if (step < warmup_steps) {
      const double progress = static_cast<double>(step) / static_cast<double>(warmup_steps);
      return peak * (1e-10 + (1 - 1e-10) * progress);
    }
    const double progress =
        static_cast<double>(step - warmup_steps) / static_cast<double>(steps - warmup_steps);
    return peak * 0.5 * (1 + std::cos(pi * progress));
  }

  PlainUpdate operator()() const {
    std::vector<std::vector<double>> m(10, std::vector<double>(200)), v = m;
    return [*this, m, v](int64_t step, std::vector<PlainTensor>& tensors) mutable {
      for (std::size_t p = 0; p < tensors.size(); ++p) {
        PlainTensor& tensor = tensors[p];
        if (tensor.sizes.size() >= 2 && tensor.kind != ParameterKind::embedding) {
          update_matrix(schedule(rate, step), tensor, m[p]);
        } else {
          update_other(schedule(adam_rate, step), static_cast<double>(step + 1), tensor, m[p], v[p]);
        }
      }
    };
  }

  void update_matrix(double eta, PlainTensor& tensor, std::vector<double>& m) const {
    const auto rows = static_cast<std::size_t>(tensor.sizes[0]);
    const std::size_t columns = tensor.values.size() / rows;
    Matrix blend(rows, std::vector<double>(columns));
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const double g = tensor.gradient[i];
      m[i] = momentum * m[i] + (1 - momentum) * g;
      blend[i / columns][i % columns] = nesterov ? momentum * m[i] + (1 - momentum) * g : m[i];
    }
    const Matrix direction = newton_schulz(blend);
    const auto outputs = static_cast<double>(tensor.sizes[0]), inputs = static_cast<double>(tensor.sizes[1]);
    const double scale =
        match_adam ? 0.2 * std::sqrt(std::max(outputs, inputs)) : std::max(1.0, std::sqrt(outputs / inputs));
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      tensor.values[i] =
          tensor.values[i] * (1 - eta * weight_decay) - eta * scale * direction[i / columns][i % columns];
    }
  }

  void update_other(double eta, double t, PlainTensor& tensor, std::vector<double>& m,
                    std::vector<double>& v) const {
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const double g = tensor.gradient[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const double corrected = v[i] / (1 - std::pow(beta2, t));
      tensor.values[i] -= eta * adam_decay * tensor.values[i];
      tensor.values[i] -= eta * (m[i] / (1 - std::pow(beta1, t))) / (std::sqrt(corrected) + 1e-8);
    }
  }
};

// Odd numbers all over, so that no two can be taken for each other.
const PlainMuon kPlainMuon = {.rate = 0.03,
                              .adam_rate = 0.004,
                              .momentum = 0.85,
                              .weight_decay = 0.2,
                              .beta1 = 0.8,
                              .beta2 = 0.97,
                              .adam_decay = 0.3,
                              .nesterov = true,
                              .match_adam = false,
                              .warmup_steps = 7,
                              .steps = 70};

Point point_of(const PlainMuon& plain) {
  return {{"learning_rate", plain.rate},
          {"adam_learning_rate", plain.adam_rate},
          {"one_minus_momentum", 1 - plain.momentum},
          {"nesterov", plain.nesterov},
          {"weight_decay", plain.weight_decay},
          {"match_adam", plain.match_adam},
          {"adam_one_minus_beta1", 1 - plain.beta1},
          {"adam_beta2", plain.beta2},
          {"adam_weight_decay", plain.adam_decay},
          {"adam_epsilon", 1e-8},
          {"warmup_factor", 0.1}};
}

class Muon : public testing::TestWithParam<std::string> {
 protected:
  static FormulaCase formula_case(const PlainMuon& plain) {
    FormulaCase formula;
    formula.submission = "muon";
    formula.point = point_of(plain);
    formula.step_hint = plain.steps;
    formula.problem = GetParam();
    formula.formula = plain;
    return formula;
  }
};

TEST_P(Muon, FollowsThePaper) {
  expect_follows_formula(formula_case(kPlainMuon));
}

TEST_P(Muon, FollowsThePaperWithoutNesterovsLookAhead) {
  PlainMuon plain = kPlainMuon;
  plain.nesterov = false;
  expect_follows_formula(formula_case(plain));
}

TEST_P(Muon, FollowsThePaperWithStepsAsLongAsAdams) {
  PlainMuon plain = kPlainMuon;
  plain.match_adam = true;
  expect_follows_formula(formula_case(plain));
}

TEST_P(Muon, LeavesEmbeddingsToAdamw) {
  FormulaCase formula = formula_case(kPlainMuon);
  formula.prepare = [](TraceProblem& problem) { problem.parameters[0].kind = ParameterKind::embedding; };
  expect_follows_formula(formula);
}

INSTANTIATE_TEST_SUITE_P(All, Muon, testing::Values("quad", "mlp"),
                         [](const auto& test) { return test.param; });

TEST(MuonSubmission, UsesThePublishedNumbersByDefault) {
  const auto published = make_trace_problem("mlp", at::kFloat),
             unsaid = make_trace_problem("mlp", at::kFloat);
  TestedSubmission spelled("muon",
                           {{"learning_rate", 0.01},
                            {"one_minus_momentum", 0.1},
                            {"weight_decay", 0.0},
                            {"warmup_factor", 0.05},
                            {"adam_one_minus_beta1", 0.1},
                            {"adam_beta2", 0.999},
                            {"adam_learning_rate", 0.01}},
                           published->parameters, 100);
  TestedSubmission bare("muon", {}, unsaid->parameters, 100);
  train(spelled, *published, 0, 30);
  train(bare, *unsaid, 0, 30);
  for (std::size_t p = 0; p < unsaid->parameters.size(); ++p) {
    EXPECT_TRUE(unsaid->parameters[p].tensor.equal(published->parameters[p].tensor));
  }
  EXPECT_LT(unsaid->current_loss(), make_trace_problem("mlp", at::kFloat)->current_loss());
}

TEST(MuonSubmission, ClipsByTheNormOfAllGradientsTogether) {
  // A clipped gradient of any size is the same one: the first step of AdamW shows its sign only, the momentum
  // shows its length.
  const auto problem = make_trace_problem("quad", at::kDouble);
  TestedSubmission submission("muon", {{"grad_clip", 0.5}, {"one_minus_momentum", 1.0}}, problem->parameters,
                              50);
  train(submission, *problem, 0, 1);
  const State state = submission.save();
  double squares = state.get("momenta.0").square().sum().item<double>() +
                   state.get("momenta.1").square().sum().item<double>();
  squares += (state.get("first_moments.0") / 0.1).square().sum().item<double>();
  EXPECT_NEAR(std::sqrt(squares), 0.5, 1e-6);
}

TEST(MuonSubmission, NamesAValueThatMakesNoSense) {
  expect_refused("muon", {{"learning_rate", -0.5}}, {"learning_rate", "-0.5"});
  expect_refused("muon", {{"one_minus_momentum", 0.0}}, {"one_minus_momentum", "above 0"});
  expect_refused("muon", {{"adam_beta2", 1.0}}, {"adam_beta2", "below 1"});
  expect_refused("muon", {{"warmup_factor", 1.5}}, {"warmup_factor", "1.5"});
  expect_refused("muon", {{"nesterov", 1.0}}, {"nesterov", "true or false"});
}

}  // namespace
}  // namespace timetrial
