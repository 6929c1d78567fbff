#include "harness/memory/huge_page_regions.h"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/prctl.h>

#include "harness/machine/machine.h"

namespace timetrial {
namespace {

// KiB of huge pages in this process.
long huge_kib() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  for (std::string line; std::getline(rollup, line);) {
    if (line.rfind("AnonHugePages:", 0) == 0) return std::stol(line.substr(14));
  }
  return 0;
}

TEST(HugePageRegions, AreAlignedAndWritableToTheirEnds) {
  HugePageRegions regions;
  for (const std::size_t pages : {1U, 3U, 64U}) {
    const std::size_t bytes = pages * kHugePage;
    void* region = regions.map(bytes);
    ASSERT_NE(region, nullptr);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(region) % kHugePage, 0U);
    std::memset(region, 1, bytes);
    regions.unmap(region, bytes);
  }
}

TEST(HugePageRegions, WhatIsDiscardedLeavesTheProcess) {
  HugePageRegions regions;
  const std::size_t bytes = 64 * kHugePage;
  auto* region = static_cast<char*>(regions.map(bytes));
  std::memset(region, 1, bytes);
  forget_peak_resident();
  const int64_t before = peak_resident_bytes();
  regions.discard(region + kHugePage, 62 * kHugePage);
  forget_peak_resident();
  EXPECT_LT(peak_resident_bytes(), before - static_cast<int64_t>(32 * kHugePage));
  EXPECT_EQ(region[kHugePage - 1], 1);
  EXPECT_EQ(region[63 * kHugePage], 1);
  region[2 * kHugePage] = 2;
  EXPECT_EQ(region[2 * kHugePage], 2);
  regions.unmap(region, bytes);
}

TEST(HugePageRegions, ConsistOfHugePagesWhereTheSystemGrantsThem) {
  if (!grants_huge_pages()) GTEST_SKIP() << "this system grants no huge pages";
  HugePageRegions regions;
  const std::size_t bytes = 8 * kHugePage;
  const long before = huge_kib();
  void* region = regions.map(bytes);
  std::memset(region, 1, bytes);
  EXPECT_GT(huge_kib(), before);
  regions.unmap(region, bytes);
}

TEST(HugePageRegions, AreOrdinaryPagesWhereTheSystemGrantsNone) {
  ASSERT_EQ(::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), 0);
  EXPECT_FALSE(grants_huge_pages());
  HugePageRegions regions;
  const long before = huge_kib();
  void* region = regions.map(8 * kHugePage);
  ASSERT_NE(region, nullptr);
  std::memset(region, 1, 8 * kHugePage);
  EXPECT_LE(huge_kib(), before);
  regions.unmap(region, 8 * kHugePage);
  ::prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0);
}

TEST(HugePageRegions, MoreThanThereIsGivesNothing) {
  HugePageRegions regions;
  EXPECT_EQ(regions.map(std::size_t{1} << 50), nullptr);
}

}  // namespace
}  // namespace timetrial
