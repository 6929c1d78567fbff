#include "harness/worker/step_graphs.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recording_device.h"
#include "timetrial/ranks.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

Batch batch_of(int64_t examples, double value) {
  Batch batch;
  batch.tensors["inputs"] = at::full({examples, 2}, value);
  batch.examples = examples;
  return batch;
}

class StepGraphsTest : public testing::Test {
 protected:
  // Adds the batch's values to the sum; notes where it found them. True: by a replay.
  bool run(Batch next) {
    batch_ = std::move(next);
    const StepGraphs::Result result = graphs_.run(batch_, [this] {
      device_.work(1);
      places_.push_back(batch_.at("inputs").const_data_ptr());
      sum_ += batch_.at("inputs").sum().item<double>();
      // Like a recording, into one place for each shape.
      at::Tensor& loss = losses_[batch_.at("inputs").size(0)];
      if (!loss.defined()) loss = at::zeros({});
      return loss.copy_(batch_.at("inputs").mean());
    });
    last_losses_.push_back(result.loss);
    return result.is_replay;
  }

  RecordingDevice device_;
  StepTimes times_{device_, 0, /*every=*/1};
  StepGraphs graphs_{device_, times_};
  Batch batch_;
  std::vector<const void*> places_;
  std::map<int64_t, at::Tensor> losses_;
  std::vector<at::Tensor> last_losses_;
  double sum_ = 0;
};

TEST_F(StepGraphsTest, EveryUpdateIsMadeOnceAndOfItsOwnBatch) {
  double expected = 0;
  for (int step = 1; step <= 10; ++step) {
    EXPECT_EQ(run(batch_of(3, step)), step > StepGraphs::kOrdinaryUpdates);
    expected += 6.0 * step;
    EXPECT_EQ(sum_, expected);
  }
  EXPECT_EQ(graphs_.recordings(), 1);
  EXPECT_EQ(graphs_.problem(), "");
}

TEST_F(StepGraphsTest, ALossStaysWhatItWasWhenTheNextReplayComes) {
  for (int step = 0; step < 8; ++step) {
    run(batch_of(3, step));
    run(batch_of(5, 100 + step));
  }
  for (int step = StepGraphs::kOrdinaryUpdates; step < 8; ++step) {
    EXPECT_EQ(last_losses_[2 * static_cast<std::size_t>(step)].item<double>(), step);
    EXPECT_EQ(last_losses_[2 * static_cast<std::size_t>(step) + 1].item<double>(), 100 + step);
  }
}

TEST_F(StepGraphsTest, BatchesOfOneShapeShareTheirBuffers) {
  for (int step = 0; step < 6; ++step) run(batch_of(3, step));
  for (const void* place : places_) EXPECT_EQ(place, places_[0]);
}

TEST_F(StepGraphsTest, EachShapeHasItsOwnRecording) {
  for (int step = 0; step < 6; ++step) {
    run(batch_of(3, 1));
    run(batch_of(5, 1));
    Batch other_type = batch_of(3, 1);
    other_type.tensors["inputs"] = other_type.at("inputs").to(at::kDouble);
    run(std::move(other_type));
    Batch with_padding = batch_of(3, 1);
    with_padding.examples = 2;
    run(std::move(with_padding));
  }
  EXPECT_EQ(graphs_.recordings(), 4);
  EXPECT_EQ(sum_, 6 * (6 + 10 + 6 + 6));
}

TEST_F(StepGraphsTest, GivesUpOnNewShapesWhenThereAreTooMany) {
  for (int step = 0; step < 6; ++step) run(batch_of(1, 1));
  for (int64_t examples = 2; examples < 20; ++examples) run(batch_of(examples, 1));
  EXPECT_THAT(graphs_.problem(), HasSubstr("8 shapes"));
  EXPECT_TRUE(run(batch_of(1, 1)));  // what is recorded stays of use
  for (int step = 0; step < 6; ++step) EXPECT_FALSE(run(batch_of(2, 1)));
}

TEST(StepGraphs, EveryUpdateFindsItsBatchOnTheDevice) {
  MetaDevice device;
  StepTimes times(device, 0);
  StepGraphs graphs(device, times);
  for (int64_t examples = 1; examples < 20; ++examples) {
    Batch batch = batch_of(examples, 1);
    graphs.run(batch, [&] {
      EXPECT_TRUE(batch.at("inputs").is_meta()) << examples;
      return at::Tensor();
    });
  }
  EXPECT_NE(graphs.problem(), "");
}

TEST_F(StepGraphsTest, AnUpdateThatCannotBeRecordedGoesOnAsItWas) {
  device_.refusal = "it waits for the device";
  for (int step = 1; step <= 10; ++step) EXPECT_FALSE(run(batch_of(2, 1)));
  EXPECT_EQ(sum_, 40);
  EXPECT_EQ(graphs_.recordings(), 0);
  EXPECT_THAT(graphs_.problem(), HasSubstr("it waits for the device"));
}

// Two ranks, of which the other says what the test lets it.
class OtherRank final : public Ranks {
 public:
  int64_t rank() const override { return 0; }
  int64_t count() const override { return 2; }
  void sum(const std::vector<at::Tensor>& tensors) override {
    ++sums;
    if (tensors[0].numel() == 1) {
      tensors[0].add_(cannot_record ? 1 : 0);
    } else {
      tensors[0][1] = shape;
    }
  }
  std::vector<at::Tensor> gather(const at::Tensor& values) override { return {values, values}; }

  int64_t shape = 0;
  bool cannot_record = false;
  int sums = 0;
};

TEST_F(StepGraphsTest, ShapesAreThoseOfAllRanks) {
  OtherRank other;
  const InstalledRanks installed(other);
  for (int step = 0; step < 12; ++step) {
    other.shape = step % 2;
    EXPECT_EQ(run(batch_of(3, 1)), step >= 2 * StepGraphs::kOrdinaryUpdates) << step;
  }
  EXPECT_EQ(graphs_.recordings(), 2);
  EXPECT_EQ(sum_, 12 * 6);
}

TEST_F(StepGraphsTest, WhatOneRankCannotRecordNoRankReplays) {
  OtherRank other;
  const InstalledRanks installed(other);
  other.cannot_record = true;
  for (int step = 0; step < 10; ++step) EXPECT_FALSE(run(batch_of(3, 1)));
  EXPECT_EQ(sum_, 10 * 6);
  EXPECT_EQ(graphs_.recordings(), 0);
  EXPECT_THAT(graphs_.problem(), HasSubstr("another rank could not"));
  EXPECT_EQ(other.sums, StepGraphs::kOrdinaryUpdates + 2);  // then there is nothing to agree on
}

TEST_F(StepGraphsTest, AReplayIsOnePieceAndARecordedStepNotSampled) {
  device_.start_segment();
  for (int64_t step = 0; step < 12; ++step) {
    times_.begin(step);
    run(batch_of(step < 6 ? 3 : 5, 1));  // recorded in steps 3 and 9
    times_.end();
  }
  times_.resolve();
  EXPECT_EQ(graphs_.recordings(), 2);
  EXPECT_EQ(times_.record().sampled_steps, 12 - kUnsampledSteps - 1);
  EXPECT_EQ(times_.record().update, 4);    // replays
  EXPECT_EQ(times_.record().residual, 3);  // ordinary updates, which here enter no part
}

TEST_F(StepGraphsTest, AnErrorOfTheUpdateIsItsOwn) {
  Batch batch = batch_of(2, 1);
  EXPECT_THROW(graphs_.run(batch, []() -> at::Tensor { throw std::runtime_error("broken"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace timetrial
