// Distributed Shampoo by its papers, with roots from Jacobi's eigenvalue iteration.

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "plain_formula.h"

namespace timetrial {
namespace {

using Vector = std::vector<double>;

// Square, row-major.
struct Square {
  std::size_t size;
  Vector entries;
  explicit Square(std::size_t n) : size(n), entries(n * n) {}
  double& at(std::size_t i, std::size_t j) { return entries[i * size + j]; }
  double at(std::size_t i, std::size_t j) const { return entries[i * size + j]; }
};

Square identity(std::size_t n) {
  Square result(n);
  for (std::size_t i = 0; i < n; ++i) result.at(i, i) = 1;
  return result;
}

// Rotates the off-diagonal entries of a symmetric matrix away, one by one, and collects the rotations.
void rotate_away(Square& a, Square& vectors, std::size_t p, std::size_t q) {
  if (a.at(p, q) == 0) return;
  const double theta = (a.at(q, q) - a.at(p, p)) / (2 * a.at(p, q));
  const double t = (theta >= 0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1));
  const double c = 1 / std::sqrt(t * t + 1), s = t * c;
  for (std::size_t k = 0; k < a.size; ++k) {
    const double kp = a.at(k, p), kq = a.at(k, q);
    a.at(k, p) = c * kp - s * kq;
    a.at(k, q) = s * kp + c * kq;
  }
  for (std::size_t k = 0; k < a.size; ++k) {
    const double pk = a.at(p, k), qk = a.at(q, k);
    a.at(p, k) = c * pk - s * qk;
    a.at(q, k) = s * pk + c * qk;
  }
  a.at(p, q) = a.at(q, p) = 0;  // but for rounding
  for (std::size_t k = 0; k < a.size; ++k) {
    const double kp = vectors.at(k, p), kq = vectors.at(k, q);
    vectors.at(k, p) = c * kp - s * kq;
    vectors.at(k, q) = s * kp + c * kq;
  }
}

bool is_nearly_diagonal(const Square& a) {
  double off_diagonal = 0, all = 0;
  for (std::size_t i = 0; i < a.size; ++i) {
    for (std::size_t j = 0; j < a.size; ++j) {
      all += a.at(i, j) * a.at(i, j);
      if (i != j) off_diagonal += a.at(i, j) * a.at(i, j);
    }
  }
  return off_diagonal <= 1e-36 * all;
}

// (a + epsilon)^(-exponent), a's eigenvalues raised until none is negative.
Square inverse_power(Square a, double exponent, double epsilon) {
  Square vectors = identity(a.size);
  while (!is_nearly_diagonal(a)) {
    for (std::size_t p = 0; p < a.size; ++p) {
      for (std::size_t q = p + 1; q < a.size; ++q) rotate_away(a, vectors, p, q);
    }
  }
  double lowest = 0;
  for (std::size_t i = 0; i < a.size; ++i) lowest = std::min(lowest, a.at(i, i));
  Square result(a.size);
  for (std::size_t k = 0; k < a.size; ++k) {
    const double power = std::pow(a.at(k, k) - lowest + epsilon, -exponent);
    for (std::size_t i = 0; i < a.size; ++i) {
      for (std::size_t j = 0; j < a.size; ++j) result.at(i, j) += vectors.at(i, k) * power * vectors.at(j, k);
    }
  }
  return result;
}

struct PlainBlock {
  std::vector<std::size_t> sizes;
  std::vector<std::size_t> places;  // in the tensor, of the block's entries in row-major order
  std::vector<Square> factors, roots;

  // Calls visit(row, column of the unfolding along `dimension`, place in the block).
  template <typename Visit>
  void unfold(std::size_t dimension, const Visit& visit) const {
    std::size_t inner = 1;
    for (std::size_t d = dimension + 1; d < sizes.size(); ++d) inner *= sizes[d];
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::size_t row = i / inner % sizes[dimension];
      visit(row, i / (inner * sizes[dimension]) * inner + i % inner, i);
    }
  }

  Vector taken_from(const Vector& tensor) const {
    Vector values;
    for (const std::size_t place : places) values.push_back(tensor[place]);
    return values;
  }
};

double norm(const Vector& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

struct PlainShampoo {
  double rate, beta1, beta2, momentum, weight_decay;
  bool nadam, nesterov, adam;
  int64_t block, frequency, start, override_root, graft_only_dim;
  double multiplier, epsilon;

  struct TensorState {
    Vector m, v, b;
    std::vector<PlainBlock> blocks;
  };

  PlainUpdate operator()() const {
    std::vector<TensorState> states;
    return [*this, states](int64_t step, std::vector<PlainTensor>& tensors) mutable {
      for (std::size_t p = 0; p < tensors.size(); ++p) {
        if (states.size() <= p) {
          const Vector zeros(tensors[p].values.size());
          states.push_back({zeros, zeros, zeros, blocks_of(tensors[p].sizes)});
        }
        update(step + 1, tensors[p], states[p]);
      }
    };
  }

  std::vector<PlainBlock> blocks_of(const std::vector<int64_t>& sizes) const {
    std::vector<int64_t> merged;
    for (const int64_t size : sizes) {
      if (size > 1 && !merged.empty() && merged.back() * size <= block) {
        merged.back() *= size;
      } else if (size > 1) {
        merged.push_back(size);
      }
    }
    std::vector<PlainBlock> blocks;
    collect(merged, 0, std::vector<int64_t>(merged.size()), blocks);
    return blocks;
  }

  // Every block begins at multiples of the block size.
  void collect(const std::vector<int64_t>& sizes, std::size_t dimension, std::vector<int64_t> begin,
               std::vector<PlainBlock>& blocks) const {
    if (dimension < sizes.size()) {
      for (int64_t at = 0; at < sizes[dimension]; at += block) {
        begin[dimension] = at;
        collect(sizes, dimension + 1, begin, blocks);
      }
      return;
    }
    PlainBlock made;
    std::size_t total = 1;
    for (std::size_t d = 0; d < sizes.size(); ++d) {
      made.sizes.push_back(static_cast<std::size_t>(std::min(block, sizes[d] - begin[d])));
      total *= static_cast<std::size_t>(sizes[d]);
      made.factors.emplace_back(made.sizes.back());
      made.roots.push_back(identity(made.sizes.back()));
    }
    for (std::size_t place = 0; place < total; ++place) {
      std::size_t rest = place;
      bool inside = true;
      for (std::size_t d = sizes.size(); d-- > 0;) {
        const auto index = static_cast<int64_t>(rest % static_cast<std::size_t>(sizes[d]));
        rest /= static_cast<std::size_t>(sizes[d]);
        inside = inside && index >= begin[d] && index < begin[d] + block;
      }
      if (inside) made.places.push_back(place);
    }
    blocks.push_back(std::move(made));
  }

  void update(int64_t step, PlainTensor& tensor, TensorState& state) const {
    const auto t = static_cast<double>(step);
    const bool graft_only = *std::max_element(tensor.sizes.begin(), tensor.sizes.end()) >= graft_only_dim;
    const std::size_t count = tensor.values.size();
    Vector u(count), graft(count);
    for (std::size_t i = 0; i < count; ++i) {
      const double g = tensor.gradient[i];
      state.m[i] = beta1 * state.m[i] + (1 - beta1) * g;
      u[i] = (nadam ? beta1 * state.m[i] + (1 - beta1) * g : state.m[i]) / (1 - std::pow(beta1, t));
      state.v[i] = beta2 * state.v[i] + (1 - beta2) * g * g;
      const double length = std::sqrt(state.v[i] / (1 - std::pow(beta2, t))) + 1e-8;
      graft[i] = adam || graft_only ? u[i] / length : u[i];
    }
    Vector direction = graft;
    if (!graft_only) precondition(step, tensor.gradient, u, graft, state, direction);
    for (std::size_t i = 0; i < count; ++i) {
      const double d = direction[i] + weight_decay * tensor.values[i];
      state.b[i] = momentum * state.b[i] + (1 - momentum) * d;
      tensor.values[i] -= rate * (nesterov ? (1 - momentum) * d + momentum * state.b[i] : state.b[i]);
    }
  }

  void precondition(int64_t step, const Vector& gradient, const Vector& u, const Vector& graft,
                    TensorState& state, Vector& direction) const {
    for (PlainBlock& of : state.blocks) {
      const Vector g = of.taken_from(gradient);
      for (std::size_t k = 0; k < of.sizes.size(); ++k) {
        Square gram(of.sizes[k]);
        of.unfold(k, [&](std::size_t row, std::size_t column, std::size_t i) {
          of.unfold(k, [&](std::size_t other, std::size_t same, std::size_t j) {
            if (column == same) gram.at(row, other) += g[i] * g[j];
          });
        });
        for (std::size_t e = 0; e < gram.entries.size(); ++e) {
          of.factors[k].entries[e] = beta2 * of.factors[k].entries[e] + (1 - beta2) * gram.entries[e];
        }
      }
      if (step == start || (step > start && step % frequency == 0)) {
        const double p =
            override_root > 0 ? static_cast<double>(override_root) : 2 * static_cast<double>(of.sizes.size());
        for (std::size_t k = 0; k < of.sizes.size(); ++k) {
          Square corrected = of.factors[k];
          for (double& entry : corrected.entries) entry /= 1 - std::pow(beta2, static_cast<double>(step));
          of.roots[k] = inverse_power(corrected, multiplier / p, epsilon);
        }
      }
      if (step < start) continue;
      Vector shaped = of.taken_from(u);
      for (std::size_t k = 0; k < of.sizes.size(); ++k) {
        Vector next(shaped.size());
        of.unfold(k, [&](std::size_t row, std::size_t column, std::size_t i) {
          of.unfold(k, [&](std::size_t other, std::size_t same, std::size_t j) {
            if (column == same) next[i] += of.roots[k].at(row, other) * shaped[j];
          });
        });
        shaped = next;
      }
      const double scale = norm(of.taken_from(graft)) / (norm(shaped) + 1e-16);
      for (std::size_t i = 0; i < shaped.size(); ++i) direction[of.places[i]] = shaped[i] * scale;
    }
  }
};

// Blocks so small that every tensor of the problems is merged and cut; roots that are made nine times in 50
// steps.
const PlainShampoo kPlain = {.rate = 0.02,
                             .beta1 = 0.9,
                             .beta2 = 0.97,
                             .momentum = 0,
                             .weight_decay = 0.1,
                             .nadam = true,
                             .nesterov = true,
                             .adam = true,
                             .block = 4,
                             .frequency = 5,
                             .start = 8,
                             .override_root = 0,
                             .graft_only_dim = 1000,
                             .multiplier = 1,
                             .epsilon = 1e-6};

Point point_of(const PlainShampoo& plain) {
  return {{"learning_rate", plain.rate},
          {"one_minus_beta1", 1 - plain.beta1},
          {"one_minus_beta2", 1 - plain.beta2},
          {"one_minus_momentum", 1 - plain.momentum},
          {"weight_decay", plain.weight_decay},
          {"nadam", plain.nadam},
          {"nesterov", plain.nesterov},
          {"grafting", std::string(plain.adam ? "adam" : "sgd")},
          {"max_preconditioner_dim", static_cast<double>(plain.block)},
          {"precondition_frequency", static_cast<double>(plain.frequency)},
          {"start_preconditioning_step", static_cast<double>(plain.start)},
          {"inv_root_override", static_cast<double>(plain.override_root)},
          {"exponent_multiplier", plain.multiplier},
          {"epsilon", plain.epsilon},
          {"graft_only_dim", static_cast<double>(plain.graft_only_dim)},
          {"warmup_factor", 0.0}};
}

class DistributedShampoo : public testing::TestWithParam<std::string> {
 protected:
  static FormulaCase formula_case(const PlainShampoo& plain) {
    FormulaCase formula;
    formula.submission = "distributed_shampoo";
    formula.point = point_of(plain);
    formula.step_hint = kEndless;
    formula.problem = GetParam();
    formula.formula = plain;
    formula.float32_tolerance = 1e-3;  // roots of nearly singular factors
    return formula;
  }
};

TEST_P(DistributedShampoo, FollowsThePapers) {
  expect_follows_formula(formula_case(kPlain));
}

TEST_P(DistributedShampoo, FollowsThePapersInWholeTensors) {
  PlainShampoo plain = kPlain;
  plain.block = 1024;
  plain.start = plain.frequency = 20;
  plain.epsilon = 1e-4;
  expect_follows_formula(formula_case(plain));
}

TEST_P(DistributedShampoo, FollowsThePapersWithSgdGraftedAndMomentum) {
  PlainShampoo plain = kPlain;
  plain.rate = 0.2;
  plain.beta1 = 0;
  plain.momentum = 0.9;
  plain.weight_decay = 1e-3;
  plain.nadam = false;
  plain.adam = false;
  expect_follows_formula(formula_case(plain));
}

TEST_P(DistributedShampoo, FollowsThePapersWithAnotherRootAndWithoutLookAhead) {
  PlainShampoo plain = kPlain;
  plain.momentum = 0.5;
  plain.override_root = 2;
  plain.multiplier = 0.8;
  plain.nadam = false;
  plain.nesterov = false;
  plain.block = 6;
  expect_follows_formula(formula_case(plain));
}

TEST_P(DistributedShampoo, GraftsAdamAloneOntoLongTensors) {
  PlainShampoo plain = kPlain;
  plain.adam = false;
  plain.rate = 0.01;
  plain.graft_only_dim = 6;
  expect_follows_formula(formula_case(plain));
}

INSTANTIATE_TEST_SUITE_P(All, DistributedShampoo, testing::Values("quad", "mlp"),
                         [](const auto& test) { return test.param; });

// The published list leaves the start to the frequency and stretches the schedule by a factor.
TEST(DistributedShampooSubmission, StartsWithTheFirstRootsAndFollowsItsShareOfTheStepHint) {
  const auto spelled = make_trace_problem("mlp", at::kFloat), unsaid = make_trace_problem("mlp", at::kFloat);
  TestedSubmission first("distributed_shampoo",
                         {{"precondition_frequency", 7.0},
                          {"start_preconditioning_step", 7.0},
                          {"step_hint_factor", 0.5},
                          {"warmup_factor", 0.1}},
                         spelled->parameters, 100);
  TestedSubmission second("distributed_shampoo", {{"precondition_frequency", 7.0}, {"warmup_factor", 0.1}},
                          unsaid->parameters, 50);
  train(first, *spelled, 0, 30);
  train(second, *unsaid, 0, 30);
  for (std::size_t p = 0; p < unsaid->parameters.size(); ++p) {
    EXPECT_TRUE(unsaid->parameters[p].tensor.equal(spelled->parameters[p].tensor));
  }
}

TEST(DistributedShampooSubmission, TrainsWithoutAnyHyperparameter) {
  const auto problem = make_trace_problem("mlp", at::kFloat);
  const double before = problem->current_loss();
  TestedSubmission submission("distributed_shampoo", {}, problem->parameters, 150);
  train(submission, *problem, 0, 150);
  EXPECT_LT(problem->current_loss(), before);
}

TEST(DistributedShampooSubmission, AGradientThatIsNotFiniteIsNamedWhenRootsAreMade) {
  const auto problem = make_trace_problem("quad", at::kFloat);
  TestedSubmission submission("distributed_shampoo", {{"precondition_frequency", 1.0}}, problem->parameters,
                              50);
  TraceStep step(*problem, 0, [](const ParameterList& parameters) {
    parameters[1].tensor.mutable_grad()[2].fill_(std::numeric_limits<float>::infinity());
  });
  try {
    submission.update(step);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const SubmissionError& error) {
    EXPECT_NE(std::string(error.what()).find("a NaN or an infinity"), std::string::npos) << error.what();
  }
}

TEST(DistributedShampooSubmission, NamesAValueThatMakesNoSense) {
  const std::string name = "distributed_shampoo";
  expect_refused(name, {{"learning_rate", -1.0}}, {"learning_rate", "-1"});
  expect_refused(name, {{"one_minus_beta2", 0.0}}, {"one_minus_beta2", "above 0"});
  expect_refused(name, {{"grafting", std::string("lamb")}}, {"grafting", "\"adam\" nor \"sgd\"", "lamb"});
  expect_refused(name, {{"max_preconditioner_dim", 0.0}}, {"max_preconditioner_dim", "at least 1"});
  expect_refused(name, {{"precondition_frequency", 2.5}}, {"precondition_frequency", "whole number"});
  expect_refused(name, {{"start_preconditioning_step", 0.0}},
                 {"start_preconditioning_step", "at least 1, or -1"});
  expect_refused(name, {{"step_hint_factor", 0.0}}, {"step_hint_factor", "above 0"});
}

}  // namespace
}  // namespace timetrial
