#include "harness/worker/null_measurement.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using NullMeasurementTest = FolderTest;

TEST_F(NullMeasurementTest, MeasuresEverythingAndNothingIsFree) {
  const std::unique_ptr<Device> device = open_device("cpu");
  const NullMeasurement measurement = measure_harness(*device, folder_);
  std::vector<std::string> names;
  for (const auto& [name, seconds] : measurement.seconds) {
    EXPECT_GT(seconds, 0) << name;
    EXPECT_TRUE(std::isfinite(seconds)) << name;
    EXPECT_NE(null_measurement_label(name), name) << "a name that tables do not know";
    names.push_back(name);
  }
  EXPECT_THAT(names,
              ::testing::ElementsAre("checkpoint", "clock_stop_and_start", "evaluation", "journal_record",
                                     "measurement", "sampled_step", "step", "step_slowest",
                                     "step_synchronised", "step_synchronised_slowest"));
  EXPECT_GE(measurement.seconds.at("step_slowest"), measurement.seconds.at("step"));
  EXPECT_GT(measurement.unix_seconds, 1.6e9);
  EXPECT_FALSE(measurement.machine.at("host").empty());
  EXPECT_FALSE(measurement.machine.at("threads").empty());
  EXPECT_FALSE(measurement.build.at("libtorch").empty());
}

}  // namespace
}  // namespace timetrial
