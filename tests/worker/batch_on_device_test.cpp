#include "harness/worker/batch_on_device.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "scripted_device.h"

namespace timetrial {
namespace {

TEST(BatchOnDevice, MovesWhatModelsReadAndLeavesWhatIsReadOnTheHost) {
  Batch batch;
  for (const char* name : {"inputs", "targets", "target_paddings", "weights"})
    batch.tensors[name] = at::ones({2, 3});
  batch.examples = 2;
  batch.tensors["inputs"] = batch.at("inputs").t();
  MetaDevice device;
  StepTimes times(device, 0);
  copy_batch(times, batch, device);
  EXPECT_TRUE(batch.at("inputs").is_meta());
  EXPECT_TRUE(batch.at("targets").is_meta());
  EXPECT_TRUE(batch.at("target_paddings").is_cpu());
  EXPECT_TRUE(batch.at("weights").is_cpu());
  EXPECT_EQ(batch.at("inputs").sizes(), at::IntArrayRef({3, 2}));
  EXPECT_EQ(batch.at("inputs").strides(), at::IntArrayRef({1, 3}));
  EXPECT_EQ(batch.examples, 2);
}

TEST(BatchOnDevice, IsLeftAloneWhereItLies) {
  Batch batch;
  batch.tensors["inputs"] = at::ones({2});
  const void* before = batch.at("inputs").const_data_ptr();
  ScriptedDevice device;
  StepTimes times(device, 0);
  copy_batch(times, batch, device);
  EXPECT_EQ(batch.at("inputs").const_data_ptr(), before);
}

}  // namespace
}  // namespace timetrial
