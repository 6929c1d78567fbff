// Copies of batches to a GPU beside its work. Needs a GPU.

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include "cuda_test.h"
#include "harness/device/room_on.h"

namespace timetrial {
namespace {

class CudaStagingTest : public CudaTest {
 protected:
  // Keeps the device busy for longer than the host needs to go on.
  void put_work_on_device() {
    if (!factor_.defined()) factor_ = at::ones({2048, 2048}, on_device_) / 2048;
    for (int i = 0; i < 4; ++i) factor_ = factor_.mm(factor_);
  }

  at::Tensor factor_;
};

TEST_F(CudaStagingTest, EveryBatchArrivesHoweverFarTheHostIsAhead) {
  std::vector<at::Tensor> inputs;
  std::vector<at::Tensor> targets;
  for (int64_t step = 0; step < 100; ++step) {
    const at::Tensor input = device_->ready_to_copy(at::full({1 + step % 7, 50000}, step, at::kFloat));
    const at::Tensor target = device_->ready_to_copy(at::full({1 + step}, step, at::kLong));
    inputs.push_back(room_on(*device_, input));
    targets.push_back(room_on(*device_, target));
    put_work_on_device();
    device_->copy_in({input, target}, {inputs.back(), targets.back()});
  }
  for (size_t step = 0; step < inputs.size(); ++step) {
    EXPECT_TRUE(inputs[step].eq(static_cast<int64_t>(step)).all().item<bool>()) << step;
    EXPECT_TRUE(targets[step].eq(static_cast<int64_t>(step)).all().item<bool>()) << step;
  }
}

TEST_F(CudaStagingTest, WhatIsReadNextWaitsForTheCopy) {
  const at::Tensor sum = at::zeros({}, on_device_.dtype(at::kDouble));
  const at::Tensor buffer = at::empty({1 << 20}, on_device_.dtype(at::kDouble));  // as of a replayed step
  for (int step = 1; step <= 50; ++step) {
    device_->copy_in({device_->ready_to_copy(at::full({1 << 20}, step, at::kDouble))}, {buffer});
    put_work_on_device();
    sum.add_(buffer.mean());
  }
  EXPECT_EQ(sum.item<double>(), 50 * 51 / 2);
}

TEST_F(CudaStagingTest, TakesEveryOrderOfMemory) {
  const std::vector<at::Tensor> from = {
      at::randn({2, 3, 4, 5}).contiguous(at::MemoryFormat::ChannelsLast),
      at::randint(2, {7}, at::kBool),
      at::empty({0, 3}),
      at::randn({4, 6}).narrow(1, 1, 3),
      at::arange(5, at::kDouble).sum(),
  };
  std::vector<at::Tensor> to;
  for (const at::Tensor& tensor : from) to.push_back(room_on(*device_, tensor));
  device_->copy_in(from, to);
  for (size_t i = 0; i < from.size(); ++i) EXPECT_TRUE(to[i].cpu().equal(from[i])) << i;
  EXPECT_EQ(to[0].strides(), from[0].strides());
  device_->copy_in({}, {});
}

TEST_F(CudaStagingTest, DoesNotHoldUpTheHost) {
  const at::Tensor values = device_->ready_to_copy(at::ones({1 << 20}));
  const at::Tensor buffer = room_on(*device_, values);
  for (int warm = 0; warm < 2; ++warm) device_->copy_in({values}, {buffer});
  const auto copies = [&] {
    for (int step = 0; step < 10; ++step) device_->copy_in({values}, {buffer});
  };
  EXPECT_THAT(places_of(copies), ::testing::IsEmpty());
}

}  // namespace
}  // namespace timetrial
