#include "harness/telemetry/host_facts.h"

#include <gmock/gmock.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(HostFacts, OfAnUntunedServer) {
  const TemporaryFolder root;
  const std::string cpus = "sys/devices/system/cpu/";
  root.write(cpus + "cpu0/cpufreq/scaling_governor", "powersave\n");
  root.write(cpus + "cpu1/cpufreq/scaling_governor", "performance\n");
  root.write(cpus + "intel_pstate/no_turbo", "0\n");
  root.write(cpus + "smt/active", "1\n");
  root.write(cpus + "cpu0/thermal_throttle/package_throttle_count", "12\n");
  root.write("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
  root.write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
  root.write("sys/devices/system/node/online", "0-1\n");
  root.write("proc/sys/kernel/numa_balancing", "1\n");
  root.write("proc/meminfo", "MemAvailable: 1048576 kB\nSwapTotal: 2097152 kB\nSwapFree: 1048576 kB\n");
  root.write("proc/self/status", "Name:\tx\nCpus_allowed_list:\t0-3,8\n");
  const HostFacts facts = read_host_facts(root.path());
  EXPECT_THAT(facts.governors, ElementsAre("performance", "powersave"));
  EXPECT_EQ(facts.turbo, true);
  EXPECT_EQ(facts.simultaneous_threads, true);
  EXPECT_EQ(facts.heat_slowdowns, 12);
  EXPECT_EQ(facts.huge_pages, "never");
  EXPECT_EQ(facts.clock_source, "hpet");
  EXPECT_TRUE(facts.balances_numa);
  EXPECT_EQ(facts.memory_available_gib, 1);
  EXPECT_EQ(facts.swapped_gib, 1);
  EXPECT_EQ(facts.allowed_cores, 5);
  EXPECT_FALSE(facts.core_quota.has_value());
}

TEST(HostFacts, AmdTellsOfItsBoost) {
  const TemporaryFolder root;
  root.write("sys/devices/system/cpu/cpufreq/boost", "0\n");
  EXPECT_EQ(read_host_facts(root.path()).turbo, false);
}

TEST(HostFacts, TheTightestControlGroupCounts) {
  const TemporaryFolder root;
  root.write("proc/self/cgroup", "0::/pod/box\n");
  root.write("sys/fs/cgroup/pod/cpu.max", "150000 100000\n");
  root.write("sys/fs/cgroup/pod/box/cpu.max", "max 100000\n");
  EXPECT_EQ(read_host_facts(root.path()).core_quota, 1.5);
  root.write("sys/fs/cgroup/pod/box/cpu.max", "50000 100000\n");
  EXPECT_EQ(read_host_facts(root.path()).core_quota, 0.5);
}

TEST(HostFacts, OlderControlGroupsCountToo) {
  const TemporaryFolder root;
  root.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  root.write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_FALSE(read_host_facts(root.path()).core_quota.has_value());
  root.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n");
  EXPECT_EQ(read_host_facts(root.path()).core_quota, 2);
}

TEST(HostFacts, WhatIsNotToldIsEmpty) {
  const TemporaryFolder root;
  const HostFacts facts = read_host_facts(root.path());
  EXPECT_THAT(facts.governors, IsEmpty());
  EXPECT_FALSE(facts.turbo.has_value());
  EXPECT_FALSE(facts.simultaneous_threads.has_value());
  EXPECT_EQ(facts.huge_pages, "");
  EXPECT_FALSE(facts.memory_available_gib.has_value());
}

TEST(HostFacts, ListsOfCores) {
  EXPECT_EQ(count_of_list("0"), 1);
  EXPECT_EQ(count_of_list("0-1,4-7"), 6);
  EXPECT_FALSE(count_of_list("").has_value());
  EXPECT_FALSE(count_of_list("3-1").has_value());
}

}  // namespace
}  // namespace timetrial
