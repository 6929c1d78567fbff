#include "harness/telemetry/disturbances.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

HostFacts quiet_host() {
  HostFacts facts;
  facts.governors = {"performance"};
  facts.turbo = false;
  facts.simultaneous_threads = false;
  facts.huge_pages = "madvise";
  facts.memory_available_gib = 100;
  facts.clock_source = "tsc";
  facts.time_is_synchronised = true;
  facts.allowed_cores = 8;
  facts.core_quota = 8;
  return facts;
}

// What is found when this one fact is another, and nothing else is found.
void expect_found(const std::function<void(HostFacts&)>& change, const std::string& what) {
  HostFacts facts = quiet_host();
  change(facts);
  EXPECT_THAT(host_disturbances(facts, {}), ElementsAre(Field(&Disturbance::what, HasSubstr(what))));
}

TEST(Disturbances, AQuietMachineHasNone) {
  EXPECT_THAT(host_disturbances(quiet_host(), {{{"other_cores_busy", 0.1}}, {}}), IsEmpty());
  EXPECT_THAT(gpu_disturbances("GPU", {{{"gpu_celsius", 40}, {"gpu_other_processes", 0}}, {}}), IsEmpty());
}

TEST(Disturbances, WhatIsNotToldIsNoDisturbance) {
  EXPECT_THAT(host_disturbances({}, {}), IsEmpty());
}

TEST(Disturbances, EachFactHasItsOwn) {
  expect_found([](HostFacts& facts) { facts.governors.insert("powersave"); }, "\"powersave\"");
  expect_found([](HostFacts& facts) { facts.turbo = true; }, "turbo");
  expect_found([](HostFacts& facts) { facts.simultaneous_threads = true; }, "share each core");
  expect_found([](HostFacts& facts) { facts.heat_slowdowns = 3; }, "heat 3 times");
  expect_found([](HostFacts& facts) { facts.core_quota = 1.5; }, "1.5 cores on 8");
  expect_found([](HostFacts& facts) { facts.swapped_gib = 2; }, "2 GiB");
  expect_found([](HostFacts& facts) { facts.memory_available_gib = 1.5; }, "1.5 GiB");
  expect_found([](HostFacts& facts) { facts.huge_pages = "never"; }, "no huge pages");
  expect_found([](HostFacts& facts) { facts.balances_numa = true; }, "between the sockets");
  expect_found([](HostFacts& facts) { facts.clock_source = "acpi_pm"; }, "\"acpi_pm\"");
  expect_found([](HostFacts& facts) { facts.time_is_synchronised = false; }, "time right");
}

TEST(Disturbances, OthersOnTheMachineAre) {
  const MachineReading now{{{"other_cores_busy", 1.5}, {"stolen_cores", 0.3}}, {}};
  EXPECT_THAT(host_disturbances(quiet_host(), now),
              ElementsAre(Field(&Disturbance::what, HasSubstr("1.5 cores busy")),
                          Field(&Disturbance::what, HasSubstr("hypervisor"))));
}

TEST(Disturbances, OfAGpuNameIt) {
  const MachineReading now{{{"gpu_celsius", 86}, {"gpu_other_processes", 2}}, {"power limit"}};
  EXPECT_THAT(gpu_disturbances("Some GPU", now),
              AllOf(::testing::SizeIs(3), Each(Field(&Disturbance::what, HasSubstr("Some GPU")))));
}

TEST(Disturbances, EachHasACure) {
  HostFacts facts;
  facts.governors = {"powersave"};
  facts.turbo = facts.simultaneous_threads = true;
  facts.heat_slowdowns = 1;
  facts.allowed_cores = 2;
  facts.core_quota = 1;
  facts.swapped_gib = facts.memory_available_gib.emplace(1);
  facts.huge_pages = "never";
  facts.balances_numa = true;
  facts.clock_source = "hpet";
  facts.time_is_synchronised = false;
  const MachineReading now{{{"other_cores_busy", 1}, {"stolen_cores", 1}}, {}};
  const std::vector<Disturbance> found = host_disturbances(facts, now);
  EXPECT_EQ(found.size(), 13U);
  EXPECT_THAT(found, Each(Field(&Disturbance::cure, Not(IsEmpty()))));
}

}  // namespace
}  // namespace timetrial
