#include "harness/worker/memory_meter.h"

#include <cstring>

#include <gtest/gtest.h>

#include "harness/memory/huge_page_regions.h"

namespace timetrial {
namespace {

constexpr int64_t kBlockBytes = 256 << 20;

TEST(ProcessMemory, ReadsAndForgetsPeaksOfProcessAndTensors) {
  const std::unique_ptr<Device> device = open_device("cpu");
  HugePageRegions regions;
  CachingAllocator allocator(regions, 0);
  ProcessMemory memory(*device, &allocator);
  memory.forget_peaks();
  const MemoryReading before = memory.peaks();
  EXPECT_EQ(before.peak.host, 0);
  {
    const c10::DataPtr data = allocator.allocate(kBlockBytes);
    std::memset(data.get(), 1, kBlockBytes);
  }
  allocator.cache().release_free();
  const MemoryReading peaks = memory.peaks();
  EXPECT_EQ(peaks.peak.host, kBlockBytes);
  EXPECT_GE(peaks.host_reserved, kBlockBytes);
  EXPECT_GT(peaks.peak.resident, before.peak.resident + kBlockBytes / 2);
  EXPECT_EQ(peaks.peak.device, 0);
  memory.forget_peaks();
  EXPECT_EQ(memory.peaks().peak.host, 0);
  EXPECT_EQ(memory.peaks().host_reserved, 0);
  EXPECT_LT(memory.peaks().peak.resident, before.peak.resident + kBlockBytes / 2);
}

TEST(ProcessMemory, WithoutACountingAllocatorTensorsAreNotCounted) {
  const std::unique_ptr<Device> device = open_device("cpu");
  const ProcessMemory memory(*device, nullptr);
  EXPECT_GT(memory.peaks().peak.resident, 0);
  EXPECT_EQ(memory.peaks().peak.host, 0);
}

}  // namespace
}  // namespace timetrial
