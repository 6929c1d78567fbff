// The two ways in which the sync-free AdamW can make an update agree, also on what they do at an overflow.

#include <limits>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "paths.h"
#include "scalars.h"

namespace timetrial {
namespace {

AdamwTensors random_tensors(at::ScalarType dtype) {
  AdamwTensors tensors;
  const std::vector<std::vector<int64_t>> shapes = {{300, 70}, {17}, {4, 3, 5, 5}};
  for (const std::vector<int64_t>& sizes : shapes) {
    tensors.parameters.push_back(at::randn(sizes, dtype));
    tensors.first_moments.push_back(at::zeros(sizes, dtype));
    tensors.second_moments.push_back(at::zeros(sizes, dtype));
  }
  tensors.parameters[2] = tensors.parameters[2].contiguous(at::MemoryFormat::ChannelsLast);
  tensors.first_moments[2] = at::zeros_like(tensors.parameters[2]);
  tensors.second_moments[2] = at::zeros_like(tensors.parameters[2]);
  tensors.scalars = make_scalars(at::kCPU);
  return tensors;
}

std::vector<at::Tensor> clones(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> result;
  for (const at::Tensor& tensor : tensors) result.push_back(tensor.clone());
  return result;
}

AdamwTensors clones(const AdamwTensors& tensors) {
  return {clones(tensors.parameters), clones(tensors.first_moments), clones(tensors.second_moments),
          tensors.scalars.clone()};
}

void expect_near(const std::vector<at::Tensor>& left, const std::vector<at::Tensor>& right,
                 const char* what) {
  for (std::size_t i = 0; i < left.size(); ++i) {
    const double difference = (left[i] - right[i]).abs().max().item<double>();
    EXPECT_LE(difference, 1e-6 * right[i].abs().max().item<double>()) << what << " " << i;
  }
}

void expect_near(const AdamwTensors& left, const AdamwTensors& right) {
  expect_near(left.parameters, right.parameters, "parameter");
  expect_near(left.first_moments, right.first_moments, "first moment");
  expect_near(left.second_moments, right.second_moments, "second moment");
  EXPECT_EQ(steps_of(left.scalars).item<double>(), steps_of(right.scalars).item<double>());
}

struct PathsCase {
  at::ScalarType dtype;
  double grad_clip;
  double warmup_factor;
};

class UpdatePaths : public testing::TestWithParam<PathsCase> {
 protected:
  UpdatePaths() {
    at::manual_seed(4);
    settings_ = read_settings(Hyperparameters({{"learning_rate", 0.01},
                                               {"warmup_factor", GetParam().warmup_factor},
                                               {"grad_clip", GetParam().grad_clip}}),
                              30);
    fused_ = random_tensors(GetParam().dtype);
    aten_ = clones(fused_);
  }

  void update_both(const std::vector<at::Tensor>& gradients) {
    const ElementwiseUpdate engine(fused_.parameters, {fused_.first_moments, fused_.second_moments});
    update_fused(settings_, engine, fused_, gradients);
    std::vector<at::Tensor> own = gradients;  // the fused kernel of ATen scales gradients in place
    for (at::Tensor& gradient : own) gradient = gradient.defined() ? gradient.clone() : gradient;
    update_with_aten(settings_, aten_, own);
  }

  std::vector<at::Tensor> random_gradients() const {
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : fused_.parameters) gradients.push_back(at::randn_like(parameter));
    return gradients;
  }

  AdamwSettings settings_;
  AdamwTensors fused_;
  AdamwTensors aten_;
};

TEST_P(UpdatePaths, AgreeOverAWholeScheduleAndBeyond) {
  for (int step = 0; step < 35; ++step) update_both(random_gradients());
  EXPECT_EQ(steps_of(fused_.scalars).item<double>(), 35);
  expect_near(fused_, aten_);
}

TEST_P(UpdatePaths, BothVoidTheStepOfANonFiniteGradient) {
  for (int step = 0; step < 3; ++step) update_both(random_gradients());
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const AdamwTensors fused_before = clones(fused_);
    const AdamwTensors aten_before = clones(aten_);
    std::vector<at::Tensor> gradients = random_gradients();
    gradients[1][16].fill_(bad);
    update_both(gradients);
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      EXPECT_TRUE(fused_.parameters[i].equal(fused_before.parameters[i]));
      EXPECT_TRUE(fused_.first_moments[i].equal(fused_before.first_moments[i]));
      EXPECT_TRUE(fused_.second_moments[i].equal(fused_before.second_moments[i]));
      EXPECT_TRUE(aten_.parameters[i].equal(aten_before.parameters[i]));
      EXPECT_TRUE(aten_.first_moments[i].equal(aten_before.first_moments[i]));
      EXPECT_TRUE(aten_.second_moments[i].equal(aten_before.second_moments[i]));
    }
    EXPECT_EQ(steps_of(fused_.scalars).item<double>(), 3);
    EXPECT_EQ(steps_of(aten_.scalars).item<double>(), 3);
  }
  update_both(random_gradients());
  expect_near(fused_, aten_);
}

TEST_P(UpdatePaths, BothLeaveParametersWithoutGradientAlone) {
  std::vector<at::Tensor> gradients = random_gradients();
  gradients[0] = at::Tensor();
  const at::Tensor before = fused_.parameters[0].clone();
  update_both(gradients);
  EXPECT_TRUE(fused_.parameters[0].equal(before));
  EXPECT_TRUE(aten_.parameters[0].equal(before));
  expect_near(fused_, aten_);
  update_both(std::vector<at::Tensor>(3));
  EXPECT_EQ(steps_of(fused_.scalars).item<double>(), steps_of(aten_.scalars).item<double>());
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
