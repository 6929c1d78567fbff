// What every submission promises, whatever its algorithm: hyperparameters are read and checked, an
// interrupted run continues bit for bit, threads do not matter, and a broken gradient ends as documented.

#include <limits>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>

#include "given_gradients.h"
#include "same_bits.h"
#include "submission_table.h"

namespace timetrial {
namespace {

constexpr int64_t kStepHint = 60;

bool is_finite(const at::Tensor& tensor) {
  return at::isfinite(tensor.detach()).all().item<bool>();
}

void expect_same_parameters(const ParameterList& left, const ParameterList& right) {
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    EXPECT_TRUE(same_bits(left[i].tensor, right[i].tensor)) << left[i].name;
  }
}

void expect_same_state(const State& left, const State& right) {
  ASSERT_EQ(left.tensors().size(), right.tensors().size());
  for (const auto& [name, tensor] : left.tensors()) EXPECT_TRUE(same_bits(tensor, right.get(name))) << name;
}

// Given gradients that depend on nothing but the step.
class RandomGradients : public GivenGradients {
 public:
  void give(int64_t step) override {
    at::manual_seed(static_cast<uint64_t>(step));
    for (const Parameter& parameter : parameters) {
      parameter.tensor.mutable_grad() = at::randn_like(parameter.tensor.detach());
    }
  }
};

// Tensors of several chunks, one of channels-last layout.
class ManyChunks : public RandomGradients {
 public:
  ManyChunks() {
    at::manual_seed(5);
    for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{300, 257}, {7}, {40, 30, 5, 5}}) {
      at::Tensor tensor = at::randn(sizes);
      if (sizes.size() == 4) tensor = tensor.contiguous(at::MemoryFormat::ChannelsLast);
      parameters.push_back({"p", tensor.requires_grad_(), ParameterKind::weight, false});
    }
  }
};

class EverySubmission : public testing::TestWithParam<SubmissionCase> {
 protected:
  static const std::string& library() { return GetParam().library; }
  static const Point& point() { return GetParam().point; }
};

TEST_P(EverySubmission, ReadsEveryHyperparameterByTheFirstUpdate) {
  auto problem = make_trace_problem("mlp", at::kFloat);
  TestedSubmission submission(library(), point(), problem->parameters, kStepHint);
  train(submission, *problem, 0, 1);
  EXPECT_THAT(submission.hyperparameters().unread(), testing::IsEmpty());
}

TEST_P(EverySubmission, NamesAHyperparameterThatMakesNoSense) {
  const std::map<std::string, std::vector<double>> wrong = {
      {"learning_rate", {-0.1, std::numeric_limits<double>::infinity()}},
      {"one_minus_beta1", {0.0, 1.5}},
      {"beta2", {1.0, -0.1}},
      {"beta3", {1.0}},
      {"alpha", {-1.0}},
      {"rho", {-0.1}},
      {"weight_decay", {-0.1}},
      {"epsilon", {-1e-8}},
      {"warmup_factor", {1.5}},
      {"decay_steps_factor", {-0.5}},
      {"slow_warmup_steps", {-1.0}},
      {"label_smoothing", {1.5}},
      {"dropout_rate", {-0.1}},
      {"grad_clip", {-1.0, std::numeric_limits<double>::quiet_NaN()}},
  };
  if (GetParam().is_example) GTEST_SKIP() << "an example that checks nothing itself";
  auto problem = make_trace_problem("mlp", at::kFloat);
  for (const auto& [name, value] : point()) {
    const auto bad = wrong.find(name);
    if (bad == wrong.end()) continue;
    for (const double bad_value : bad->second) {
      Point wrong_point = point();
      wrong_point[name] = bad_value;
      try {
        TestedSubmission submission(library(), wrong_point, problem->parameters, kStepHint);
        ADD_FAILURE() << name << " = " << bad_value << " was accepted";
      } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr(name));
      }
    }
  }
}

TEST_P(EverySubmission, IsCapturableIfItIsElementwise) {
  auto problem = make_trace_problem("mlp", at::kFloat);
  TestedSubmission submission(library(), point(), problem->parameters, kStepHint);
  const bool is_elementwise = point().count("decay_norms_and_biases") != 0;
  EXPECT_EQ(submission.capturable(), is_elementwise);
}

TEST_P(EverySubmission, TrainsWithoutAnyHyperparameterIfItIsSelfTuning) {
  auto problem = make_trace_problem("mlp", at::kFloat);
  if (!GetParam().self_tuning) {
    EXPECT_THROW(TestedSubmission(library(), {}, problem->parameters, 100), std::runtime_error);
    return;
  }
  const double before = problem->current_loss();
  TestedSubmission submission(library(), {}, problem->parameters, 100);
  train(submission, *problem, 0, 100);
  EXPECT_LT(problem->current_loss(), before);
}

TEST_P(EverySubmission, ContinuesAnInterruptedRunBitForBit) {
  auto whole = make_trace_problem("mlp", at::kFloat);
  TestedSubmission uninterrupted(library(), point(), whole->parameters, kStepHint);
  train(uninterrupted, *whole, 0, 17);

  const State state = uninterrupted.save();
  auto resumed = make_trace_problem("mlp", at::kFloat);
  TestedSubmission second(library(), point(), resumed->parameters, kStepHint);
  for (std::size_t i = 0; i < whole->parameters.size(); ++i) {
    resumed->parameters[i].tensor.data().copy_(whole->parameters[i].tensor.data());
  }
  train(uninterrupted, *whole, 17, 40);  // must not reach into the saved state
  second.load(state);
  train(second, *resumed, 17, 40);
  expect_same_parameters(resumed->parameters, whole->parameters);
  expect_same_state(second.save(), uninterrupted.save());
}

TEST_P(EverySubmission, RefusesTheStateOfAnotherModel) {
  auto small = make_trace_problem("quad", at::kFloat);
  auto large = make_trace_problem("mlp", at::kFloat);
  TestedSubmission from(library(), point(), small->parameters, kStepHint);
  TestedSubmission into(library(), point(), large->parameters, kStepHint);
  EXPECT_THROW(into.load(from.save()), std::runtime_error);
}

TEST_P(EverySubmission, DoesNotDependOnTheNumberOfThreads) {
  if (GetParam().depends_on_threads) GTEST_SKIP() << "its matrix products do, in their last bits";
  const int threads_before = at::get_num_threads();
  ManyChunks one, three;
  at::set_num_threads(1);
  TestedSubmission alone(library(), point(), one.parameters, kStepHint);
  train(alone, one, 0, 10);
  at::set_num_threads(3);
  TestedSubmission together(library(), point(), three.parameters, kStepHint);
  train(together, three, 0, 10);
  at::set_num_threads(threads_before);
  expect_same_parameters(one.parameters, three.parameters);
  expect_same_state(alone.save(), together.save());
}

// A weight, a bias and the scale of a norm.
class ThreeKinds : public RandomGradients {
 public:
  ThreeKinds() {
    at::manual_seed(6);
    for (const ParameterKind kind :
         {ParameterKind::weight, ParameterKind::bias, ParameterKind::layer_norm_scale}) {
      parameters.push_back({"p", at::randn({40}).requires_grad_(), kind, false});
    }
  }
};

TEST_P(EverySubmission, LeavesNormsAndBiasesUndecayedIfAsked) {
  if (point().count("decay_norms_and_biases") == 0) GTEST_SKIP() << "it has no such hyperparameter";
  Point everything_decayed = point();
  everything_decayed["grad_clip"] = 0.0;
  Point weights_decayed = everything_decayed;
  weights_decayed["decay_norms_and_biases"] = false;
  Point nothing_decayed = everything_decayed;
  nothing_decayed["weight_decay"] = 0.0;
  ThreeKinds everything, weights, nothing;
  const auto trained = [](ThreeKinds& problem, const Point& with) {
    TestedSubmission submission(library(), with, problem.parameters, kStepHint);
    train(submission, problem, 0, 10);
  };
  trained(everything, everything_decayed);
  trained(weights, weights_decayed);
  trained(nothing, nothing_decayed);
  EXPECT_TRUE(same_bits(weights.parameters[0].tensor, everything.parameters[0].tensor));
  for (const std::size_t kind : {1U, 2U}) {
    EXPECT_TRUE(same_bits(weights.parameters[kind].tensor, nothing.parameters[kind].tensor));
    EXPECT_FALSE(same_bits(weights.parameters[kind].tensor, everything.parameters[kind].tensor));
  }
}

TEST_P(EverySubmission, LeavesAParameterWithoutGradientAlone) {
  auto problem = make_trace_problem("quad", at::kFloat);
  TestedSubmission submission(library(), point(), problem->parameters, kStepHint);
  train(submission, *problem, 0, 10);
  const at::Tensor before = problem->parameters[1].tensor.detach().clone();
  const at::Tensor neighbour = problem->parameters[0].tensor.detach().clone();
  TraceStep step(*problem, 10,
                 [](const ParameterList& parameters) { parameters[1].tensor.mutable_grad().reset(); });
  submission.update(step);
  if (GetParam().idle_tolerance == 0) {
    EXPECT_TRUE(same_bits(problem->parameters[1].tensor, before));
  } else {
    EXPECT_TRUE(at::allclose(problem->parameters[1].tensor.detach(), before, GetParam().idle_tolerance, 0));
  }
  EXPECT_FALSE(same_bits(problem->parameters[0].tensor, neighbour));
}

TEST_P(EverySubmission, EndsANonFiniteGradientAsDocumented) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto problem = make_trace_problem("quad", at::kFloat);
    TestedSubmission submission(library(), point(), problem->parameters, kStepHint);
    train(submission, *problem, 0, 10);
    auto before = make_trace_problem("quad", at::kFloat);
    for (std::size_t i = 0; i < before->parameters.size(); ++i) {
      before->parameters[i].tensor.data().copy_(problem->parameters[i].tensor.data());
    }
    const State state = submission.save();
    TraceStep step(*problem, 10, [bad](const ParameterList& parameters) {
      parameters[1].tensor.mutable_grad()[3].fill_(bad);
    });
    submission.update(step);
    if (GetParam().non_finite == NonFiniteGradient::voids_the_step) {
      expect_same_parameters(before->parameters, problem->parameters);
      expect_same_state(state, submission.save());
    } else {
      // The sign of an infinite momentum is finite: then the momentum itself tells.
      bool all_finite = is_finite(problem->parameters[1].tensor);
      const State after = submission.save();
      for (const auto& [name, tensor] : after.tensors()) {
        all_finite = all_finite && is_finite(tensor);
      }
      EXPECT_FALSE(all_finite) << bad;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, EverySubmission, testing::ValuesIn(submission_cases()),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace timetrial
