// The momentum submissions' update in ATen operations agrees with their elementwise pass.

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "given_gradients.h"
#include "momentum_aten.h"

namespace timetrial {
namespace {

constexpr int64_t kStepHint = 30;

class TwoTensors : public GivenGradients {
 public:
  explicit TwoTensors(at::ScalarType dtype) {
    at::manual_seed(4);
    for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{300, 70}, {17}}) {
      parameters.push_back({"p", at::randn(sizes, dtype).requires_grad_(), ParameterKind::weight, false});
    }
  }

  // The second parameter has a gradient in every other step only.
  void give(int64_t step) override {
    at::manual_seed(static_cast<uint64_t>(step));
    for (const Parameter& parameter : parameters) {
      parameter.tensor.mutable_grad() = at::randn_like(parameter.tensor.detach());
    }
    if (step % 2 == 1) parameters[1].tensor.mutable_grad().reset();
  }
};

struct MomentumCase {
  std::string library;
  MomentumKind kind;
  at::ScalarType dtype;
  double grad_clip;
  double warmup_factor;
};

class MomentumPaths : public testing::TestWithParam<MomentumCase> {};

TEST_P(MomentumPaths, AgreeOverAWholeScheduleAndBeyond) {
  const MomentumCase& wanted = GetParam();
  const Point point = {{"learning_rate", 0.05},        {"one_minus_beta1", 0.1},
                       {"weight_decay", 0.01},         {"warmup_factor", wanted.warmup_factor},
                       {"decay_steps_factor", 0.8},    {"end_factor", 0.1},
                       {"grad_clip", wanted.grad_clip}};
  TwoTensors problem(wanted.dtype);
  TestedSubmission elementwise(wanted.library, point, problem.parameters, kStepHint);

  TwoTensors other(wanted.dtype);
  const Hyperparameters hyperparameters(point);
  Initialization initialization{other.parameters, hyperparameters};
  initialization.step_hint = kStepHint;
  const MomentumSettings settings = MomentumSettings::read(initialization);
  MomentumTensors aten;
  for (const Parameter& parameter : other.parameters) {
    aten.parameters.push_back(parameter.tensor.detach());
    aten.traces.push_back(at::zeros_like(aten.parameters.back()));
  }
  aten.steps = at::zeros({}, at::kDouble);

  for (int64_t step = 0; step < kStepHint + 5; ++step) {
    train(elementwise, problem, step, step + 1);
    other.give(step);
    std::vector<at::Tensor> gradients;
    for (const Parameter& parameter : other.parameters) gradients.push_back(parameter.tensor.grad());
    update_with_aten(settings, wanted.kind, wanted.grad_clip, aten, gradients);
    for (std::size_t i = 0; i < aten.parameters.size(); ++i) {
      const at::Tensor found = problem.parameters[i].tensor.detach();
      EXPECT_LE((found - aten.parameters[i]).abs().max().item<double>(),
                2e-6 * found.abs().max().item<double>())
          << "parameter " << i << " after step " << step;
    }
  }
  EXPECT_EQ(elementwise.save().get("steps").item<double>(), aten.steps.item<double>());
}

INSTANTIATE_TEST_SUITE_P(
    All, MomentumPaths,
    testing::Values(MomentumCase{"nesterov_momentum", MomentumKind::nesterov, at::kFloat, 0, 0.2},
                    MomentumCase{"nesterov_momentum", MomentumKind::nesterov, at::kDouble, 1, 0},
                    MomentumCase{"heavy_ball", MomentumKind::heavy_ball, at::kFloat, 1, 0.2},
                    MomentumCase{"heavy_ball", MomentumKind::heavy_ball, at::kDouble, 0, 0}),
    [](const auto& test) {
      return test.param.library + "_" + c10::toString(test.param.dtype) +
             (test.param.grad_clip > 0 ? "_clipped" : "") +
             (test.param.warmup_factor > 0 ? "_with_warmup" : "");
    });

}  // namespace
}  // namespace timetrial
