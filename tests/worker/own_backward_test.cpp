#include "harness/worker/own_backward.h"

#include <gtest/gtest.h>

#include "scripted_device.h"

namespace timetrial {
namespace {

// A sampled step with one parameter; its gradient takes four seconds of the device.
class OwnBackward : public ::testing::Test {
 protected:
  OwnBackward() {
    parameter_.set_requires_grad(true);
    device_.start_segment();
    for (int64_t step = 0; step <= kUnsampledSteps; ++step) times_.begin(step);
    times_.enter(StepPart::update);
  }

  Loss loss() {
    const at::Tensor model = parameter_ * 3;
    if (model.requires_grad()) model.register_hook([this](const at::Tensor&) { device_.work(4); });
    Loss loss;
    loss.per_example = model * 1;
    loss.summed = loss.per_example.sum();
    loss.valid_examples = at::full({}, 2.0);
    time_own_backward(times_, loss);
    return loss;
  }

  const StepTimesRecord& record() {
    times_.end();
    times_.resolve();
    return times_.record();
  }

  ScriptedDevice device_;
  StepTimes times_{device_, 1, 1};
  at::Tensor parameter_ = at::ones({2});
};

TEST_F(OwnBackward, IsToldFromTheUpdateAroundIt) {
  const Loss loss = this->loss();
  device_.work(1);
  loss.mean().backward();
  device_.work(2);
  EXPECT_EQ(times_.part(), StepPart::update);
  EXPECT_EQ(record().backward, 4);
  EXPECT_EQ(record().update, 3);
  EXPECT_TRUE(at::equal(parameter_.grad(), at::full({2}, 1.5)));
}

TEST_F(OwnBackward, WithALossMadeOfSingleExamplesAsWell) {
  loss().per_example.sum().backward();
  device_.work(2);
  EXPECT_EQ(record().backward, 4);
  EXPECT_EQ(record().update, 2);
}

TEST_F(OwnBackward, TwoPassesAreTwo) {
  const Loss first = loss();
  const Loss second = loss();
  first.mean().backward();
  device_.work(1);
  second.mean().backward();
  EXPECT_EQ(record().backward, 8);
  EXPECT_EQ(record().update, 1);
}

TEST_F(OwnBackward, OfALossWithoutGradientsIsNone) {
  const at::NoGradGuard no_grad;
  loss();
  device_.work(1);
  EXPECT_EQ(record().update, 1);
}

}  // namespace
}  // namespace timetrial
