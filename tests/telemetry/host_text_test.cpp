#include "harness/telemetry/host_text.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(HostText, TicksOfAllCores) {
  const auto ticks = parse_cpu_ticks("cpu  100 10 20 5000 7 1 2 30 0 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
  ASSERT_TRUE(ticks.has_value());
  EXPECT_EQ(ticks->busy, 100 + 10 + 20 + 1 + 2);
  EXPECT_EQ(ticks->stolen, 30);
  EXPECT_FALSE(parse_cpu_ticks("").has_value());
  EXPECT_FALSE(parse_cpu_ticks("cpu 1 2 3\n").has_value());
  EXPECT_FALSE(parse_cpu_ticks("intr 1 2 3 4 5 6 7 8\n").has_value());
}

TEST(HostText, MeanClock) {
  EXPECT_EQ(parse_mean_mhz("processor\t: 0\ncpu MHz\t\t: 2000.5\n\ncpu MHz\t\t: 3000.5\n"), 2500.5);
  EXPECT_FALSE(parse_mean_mhz("processor\t: 0\n").has_value());
}

TEST(HostText, Memory) {
  const std::string text = "MemTotal: 4194304 kB\nMemAvailable:   1048576 kB\n";
  EXPECT_EQ(parse_memory_gib(text, "MemAvailable"), 1);
  EXPECT_FALSE(parse_memory_gib(text, "MemAvail").has_value());
}

}  // namespace
}  // namespace timetrial
