#include "harness/telemetry/nvml.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(Nvml, TellsWhatTheDriverTells) {
  const OpenedNvml opened = open_nvml(TIMETRIAL_NVML_DOUBLE);
  ASSERT_NE(opened.library, nullptr) << opened.problem;
  EXPECT_EQ(driver_version(*opened.library), "580.1");
  const std::unique_ptr<GpuTelemetry> gpu = gpu_at(opened.library, "0000:3b:00.0");
  ASSERT_NE(gpu, nullptr);
  EXPECT_EQ(gpu->name(), "Some GPU");
  MachineReading reading;
  gpu->add_to(reading);
  // Without its power, which this driver does not know.
  EXPECT_THAT(reading.quantities, UnorderedElementsAre(Pair("gpu_sm_mhz", 1410), Pair("gpu_memory_mhz", 1593),
                                                       Pair("gpu_celsius", 87), Pair("gpu_busy_percent", 95),
                                                       Pair("gpu_other_processes", 2)));
  EXPECT_THAT(reading.throttle_reasons, ElementsAre("heat (by the hardware)"));
}

TEST(Nvml, FindsAllGpusAndNoneThatIsNotThere) {
  const OpenedNvml opened = open_nvml(TIMETRIAL_NVML_DOUBLE);
  ASSERT_NE(opened.library, nullptr) << opened.problem;
  EXPECT_EQ(all_gpus(opened.library, false).size(), 1U);
  EXPECT_EQ(gpu_at(opened.library, "0000:00:00.0"), nullptr);
}

TEST(Nvml, SaysWhyThereIsNone) {
  const OpenedNvml opened = open_nvml("/nowhere/libnvidia-ml.so.1");
  EXPECT_EQ(opened.library, nullptr);
  EXPECT_THAT(opened.problem, HasSubstr("/nowhere/libnvidia-ml.so.1"));
}

}  // namespace
}  // namespace timetrial
