#include "harness/journal/null_measurement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

NullMeasurement made_up_measurement() {
  NullMeasurement measurement;
  measurement.unix_seconds = 1000.125;
  measurement.device = "cuda:1";
  measurement.threads = 3;
  measurement.build = {{"libtorch", "2.8"}};
  measurement.machine = {{"host", "node \"1\""}};
  measurement.seconds = {{"step", 1.0 / 3}, {"worker", 0.5}};
  return measurement;
}

TEST(NullMeasurement, ReadsBackAsWritten) {
  const NullMeasurement written = made_up_measurement();
  const NullMeasurement read = null_measurement_from_json(null_measurement_to_json(written), "a file");
  EXPECT_EQ(read.unix_seconds, written.unix_seconds);
  EXPECT_EQ(read.device, written.device);
  EXPECT_EQ(read.threads, written.threads);
  EXPECT_EQ(read.build, written.build);
  EXPECT_EQ(read.machine, written.machine);
  EXPECT_EQ(read.seconds, written.seconds);
}

std::string problem_of(std::string text, const std::string& part, const std::string& replacement) {
  if (!part.empty()) text.replace(text.find(part), part.size(), replacement);
  try {
    null_measurement_from_json(text, "seconds.json");
  } catch (const UserError& error) {
    return error.what();
  }
  return "none";
}

TEST(NullMeasurement, ReadingSaysWhatIsWrong) {
  const std::string text = null_measurement_to_json(made_up_measurement());
  EXPECT_THAT(problem_of(text, "", ""), "none");
  EXPECT_THAT(problem_of("", "", ""), ::testing::HasSubstr("seconds.json"));
  EXPECT_THAT(problem_of(text, "\"threads\"", "\"treads\""), ::testing::HasSubstr("threads"));
  EXPECT_THAT(problem_of(text, "0.5", "\"half\""), ::testing::HasSubstr("worker"));
  EXPECT_THAT(problem_of(text, "{", "{\"more\": 1,"), ::testing::HasSubstr("more"));
}

}  // namespace
}  // namespace timetrial
