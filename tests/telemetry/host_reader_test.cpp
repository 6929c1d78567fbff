#include "harness/telemetry/host_reader.h"

#include <gmock/gmock.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;

TEST(BusyCores, AreThoseThatThisProcessDidNotKeepBusy) {
  const HostCounters before{10, CpuTicks{1000, 50}, 5};
  const HostCounters now{20, CpuTicks{4000, 150}, 15};
  const std::optional<BusyCores> busy = busy_cores(before, now, 100);
  ASSERT_TRUE(busy.has_value());
  EXPECT_DOUBLE_EQ(busy->others, (30.0 - 10.0) / 10);
  EXPECT_DOUBLE_EQ(busy->stolen, 0.1);
}

TEST(BusyCores, NeverAreLessThanNone) {
  EXPECT_EQ(busy_cores({0, CpuTicks{0, 0}, 0}, {1, CpuTicks{99, 0}, 1}, 100)->others, 0);
}

TEST(BusyCores, CannotBeToldOfATickOrTwo) {
  EXPECT_FALSE(busy_cores({10, CpuTicks{0, 0}, 0}, {10.01, CpuTicks{1, 0}, 0}, 100).has_value());
  EXPECT_FALSE(busy_cores({10, std::nullopt, 0}, {20, CpuTicks{1, 0}, 0}, 100).has_value());
}

TEST(HostReader, ReadsWhatThereIs) {
  const TemporaryFolder root;
  root.write("proc/meminfo", "MemAvailable: 2097152 kB\n");
  for (int cpu = 0; cpu < 20; ++cpu)
    root.write("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/cpufreq/scaling_cur_freq", "2100000\n");
  root.write("sys/class/thermal/thermal_zone0/type", "acpitz\n");
  root.write("sys/class/thermal/thermal_zone0/temp", "1000\n");
  root.write("sys/class/thermal/thermal_zone1/type", "x86_pkg_temp\n");
  root.write("sys/class/thermal/thermal_zone1/temp", "71500\n");
  const std::string throttles = "sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count";
  root.write(throttles, "40\n");
  HostReader reader(root.path());
  root.write(throttles, "43\n");
  MachineReading reading;
  reader.add_to(reading);
  EXPECT_EQ(reading.quantities.at("cpu_mhz"), 2100);
  EXPECT_EQ(reading.quantities.at("cpu_celsius"), 71.5);
  EXPECT_EQ(reading.quantities.at("cpu_throttles"), 3);
  EXPECT_EQ(reading.quantities.at("memory_available_gib"), 2);
}

TEST(HostReader, LeavesOutWhatThereIsNot) {
  const TemporaryFolder root;
  MachineReading reading;
  HostReader(root.path()).add_to(reading);
  for (const char* quantity : {"cpu_mhz", "cpu_celsius", "cpu_throttles", "memory_available_gib"})
    EXPECT_THAT(reading.quantities, Not(Contains(Key(quantity))));
}

TEST(HostReader, ReadsThisMachine) {
  MachineReading reading;
  HostReader().add_to(reading);
  EXPECT_GT(reading.quantities.at("memory_available_gib"), 0);
  EXPECT_GE(reading.quantities.at("major_faults"), 0);
}

}  // namespace
}  // namespace timetrial
