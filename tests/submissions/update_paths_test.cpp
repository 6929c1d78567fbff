// The sync-free AdamW's update in ATen operations agrees with its elementwise pass, also on what both do at
// an overflow.

#include <limits>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "aten_path.h"
#include "given_gradients.h"

namespace timetrial {
namespace {

constexpr int64_t kStepHint = 30;

std::vector<at::Tensor> clones(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> result;
  for (const at::Tensor& tensor : tensors) result.push_back(tensor.clone());
  return result;
}

AdamwTensors clones(const AdamwTensors& tensors) {
  return {clones(tensors.parameters), clones(tensors.first_moments), clones(tensors.second_moments),
          tensors.steps.clone()};
}

// Gradients put in from outside.
class PutInGradients : public GivenGradients {
 public:
  explicit PutInGradients(at::ScalarType dtype) {
    const std::vector<std::vector<int64_t>> shapes = {{300, 70}, {17}, {4, 3, 5, 5}};
    for (const std::vector<int64_t>& sizes : shapes) {
      at::Tensor tensor = at::randn(sizes, dtype);
      if (sizes.size() == 4) tensor = tensor.contiguous(at::MemoryFormat::ChannelsLast);
      parameters.push_back({"p", tensor.requires_grad_(), ParameterKind::weight, false});
    }
  }

  void give(int64_t /*step*/) override {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      parameters[i].tensor.mutable_grad() = given[i].defined() ? given[i].clone() : at::Tensor();
    }
  }

  std::vector<at::Tensor> given;
};

struct PathsCase {
  at::ScalarType dtype;
  double grad_clip;
  double warmup_factor;
};

class UpdatePaths : public testing::TestWithParam<PathsCase> {
 protected:
  UpdatePaths()
      : problem_((at::manual_seed(4), GetParam().dtype)),
        point_{{"learning_rate", 0.01},
               {"warmup_factor", GetParam().warmup_factor},
               {"grad_clip", GetParam().grad_clip}},
        elementwise_("sync_free_adamw", point_, problem_.parameters, kStepHint) {
    const Hyperparameters hyperparameters(point_);
    Initialization initialization{problem_.parameters, hyperparameters};
    initialization.step_hint = kStepHint;
    settings_ = AdamSettings::read(initialization);
    for (const Parameter& parameter : problem_.parameters) {
      aten_.parameters.push_back(parameter.tensor.detach().clone());
      aten_.first_moments.push_back(at::zeros_like(aten_.parameters.back()));
      aten_.second_moments.push_back(at::zeros_like(aten_.parameters.back()));
    }
    aten_.steps = at::zeros({}, at::kDouble);
  }

  void update_both(const std::vector<at::Tensor>& gradients) {
    problem_.given = gradients;
    GivenStep step(problem_, updates_++);
    elementwise_.update(step);
    std::vector<at::Tensor> own = gradients;  // the fused kernel of ATen scales gradients in place
    for (at::Tensor& gradient : own) gradient = gradient.defined() ? gradient.clone() : gradient;
    update_with_aten(settings_, GetParam().grad_clip, aten_, own);
  }

  AdamwTensors elementwise_tensors() {
    const State state = elementwise_.save();
    AdamwTensors tensors;
    for (std::size_t i = 0; i < problem_.parameters.size(); ++i) {
      tensors.parameters.push_back(problem_.parameters[i].tensor.detach().clone());
      tensors.first_moments.push_back(state.get("first_moments." + std::to_string(i)));
      tensors.second_moments.push_back(state.get("second_moments." + std::to_string(i)));
    }
    tensors.steps = state.get("steps");
    return tensors;
  }

  void expect_paths_agree() {
    const AdamwTensors elementwise = elementwise_tensors();
    expect_near(elementwise.parameters, aten_.parameters, "parameter");
    expect_near(elementwise.first_moments, aten_.first_moments, "first moment");
    expect_near(elementwise.second_moments, aten_.second_moments, "second moment");
    EXPECT_EQ(elementwise.steps.item<double>(), aten_.steps.item<double>());
  }

  std::vector<at::Tensor> random_gradients() const {
    std::vector<at::Tensor> gradients;
    for (const Parameter& parameter : problem_.parameters) {
      gradients.push_back(at::randn_like(parameter.tensor.detach()));
    }
    return gradients;
  }

  PutInGradients problem_;
  Point point_;
  TestedSubmission elementwise_;
  AdamSettings settings_;
  AdamwTensors aten_;
  int64_t updates_ = 0;

 private:
  static void expect_near(const std::vector<at::Tensor>& left, const std::vector<at::Tensor>& right,
                          const char* what) {
    for (std::size_t i = 0; i < left.size(); ++i) {
      const double difference = (left[i] - right[i]).abs().max().item<double>();
      EXPECT_LE(difference, 1e-6 * right[i].abs().max().item<double>()) << what << " " << i;
    }
  }
};

void expect_equal(const AdamwTensors& left, const AdamwTensors& right) {
  for (std::size_t i = 0; i < left.parameters.size(); ++i) {
    EXPECT_TRUE(left.parameters[i].equal(right.parameters[i]));
    EXPECT_TRUE(left.first_moments[i].equal(right.first_moments[i]));
    EXPECT_TRUE(left.second_moments[i].equal(right.second_moments[i]));
  }
  EXPECT_TRUE(left.steps.equal(right.steps));
}

TEST_P(UpdatePaths, AgreeOverAWholeScheduleAndBeyond) {
  for (int step = 0; step < 35; ++step) update_both(random_gradients());
  EXPECT_EQ(aten_.steps.item<double>(), 35);
  expect_paths_agree();
}

TEST_P(UpdatePaths, BothVoidTheStepOfANonFiniteGradient) {
  for (int step = 0; step < 3; ++step) update_both(random_gradients());
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const AdamwTensors elementwise_before = elementwise_tensors();
    const AdamwTensors aten_before = clones(aten_);
    std::vector<at::Tensor> gradients = random_gradients();
    gradients[1][16].fill_(bad);
    update_both(gradients);
    expect_equal(elementwise_tensors(), elementwise_before);
    expect_equal(aten_, aten_before);
  }
  EXPECT_EQ(aten_.steps.item<double>(), 3);
  update_both(random_gradients());
  expect_paths_agree();
}

TEST_P(UpdatePaths, BothLeaveParametersWithoutGradientAlone) {
  std::vector<at::Tensor> gradients = random_gradients();
  gradients[0] = at::Tensor();
  const AdamwTensors elementwise_before = elementwise_tensors();
  const AdamwTensors aten_before = clones(aten_);
  update_both(gradients);
  EXPECT_TRUE(elementwise_tensors().parameters[0].equal(elementwise_before.parameters[0]));
  EXPECT_TRUE(aten_.parameters[0].equal(aten_before.parameters[0]));
  expect_paths_agree();
  update_both(std::vector<at::Tensor>(3));
  expect_paths_agree();
}

INSTANTIATE_TEST_SUITE_P(All, UpdatePaths,
                         testing::Values(PathsCase{at::kFloat, 0, 0.2}, PathsCase{at::kFloat, 1, 0},
                                         PathsCase{at::kDouble, 0, 0.2}, PathsCase{at::kDouble, 1, 0.2}),
                         [](const auto& test) {
                           return std::string(c10::toString(test.param.dtype)) +
                                  (test.param.grad_clip > 0 ? "_clipped" : "") +
                                  (test.param.warmup_factor > 0 ? "_with_warmup" : "");
                         });

}  // namespace
}  // namespace timetrial
