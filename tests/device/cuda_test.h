#pragma once

// What tests that need a GPU share.

#include <filesystem>
#include <memory>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "harness/device/device.h"
#include "harness/device/sync_audit.h"

namespace timetrial {

class CudaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/dev/nvidiactl"))
      GTEST_SKIP() << "there is no GPU: /dev/nvidiactl is not there";
    device_ = open_device("cuda");
    on_device_ = at::TensorOptions().device(device_->torch_device());
  }

  // Where `work` makes the host wait.
  template <typename Work>
  std::vector<SyncPlace> places_of(Work&& work) {
    const std::unique_ptr<SyncAudit> audit = device_->audit_waits();
    EXPECT_EQ(audit->method(), "cuda calls");
    const SyncRegion region(audit.get(), "update");
    work();
    return audit->places();
  }

  std::unique_ptr<Device> device_;
  at::TensorOptions on_device_;
};

}  // namespace timetrial
