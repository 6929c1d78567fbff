#include "harness/memory/caching_allocator.h"

#include <string>

#include <c10/util/Exception.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_up_regions.h"

namespace timetrial {
namespace {

TEST(CachingAllocator, TakesFromItsCacheAndGivesBack) {
  MadeUpRegions regions;
  CachingAllocator allocator(regions, 0);
  {
    const c10::DataPtr data = allocator.allocate(100);
    EXPECT_EQ(data.device(), c10::Device(c10::kCPU));
    EXPECT_TRUE(allocator.is_simple_data_ptr(data));
    EXPECT_EQ(allocator.cache().use().in_use, 100U);
  }
  EXPECT_EQ(allocator.cache().use().in_use, 0U);
  void* raw = allocator.raw_allocate(100);
  EXPECT_EQ(allocator.cache().use().in_use, 100U);
  allocator.raw_deallocate(raw);
  EXPECT_EQ(allocator.cache().use().in_use, 0U);
}

TEST(CachingAllocator, NoBytesAreANullPointer) {
  MadeUpRegions regions;
  CachingAllocator allocator(regions, 0);
  const c10::DataPtr data = allocator.allocate(0);
  EXPECT_EQ(data.get(), nullptr);
  allocator.raw_deallocate(allocator.raw_allocate(0));
  EXPECT_EQ(data.device(), c10::Device(c10::kCPU));
}

TEST(CachingAllocator, ClonesData) {
  MadeUpRegions regions;
  CachingAllocator allocator(regions, 0);
  const std::string text = "of a tensor";
  const c10::DataPtr data = allocator.allocate(text.size());
  text.copy(static_cast<char*>(data.get()), text.size());
  const c10::DataPtr clone = allocator.clone(data.get(), text.size());
  EXPECT_NE(clone.get(), data.get());
  EXPECT_EQ(std::string(static_cast<const char*>(clone.get()), text.size()), text);
}

// The worker tells an out-of-memory outcome by these words.
TEST(CachingAllocator, FailsInTheWordsOfLibTorch) {
  MadeUpRegions regions(4 << 20);
  CachingAllocator allocator(regions, 0);
  try {
    allocator.allocate(1 << 30);
    FAIL() << "1 GiB out of 4 MiB";
  } catch (const c10::OutOfMemoryError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("can't allocate memory"));
    EXPECT_THAT(error.what(), ::testing::HasSubstr("1073741824 bytes"));
  }
  EXPECT_NE(allocator.allocate(1000).get(), nullptr);
}

}  // namespace
}  // namespace timetrial
