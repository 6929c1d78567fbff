#include "harness/guard/clock_check.h"

#include <chrono>

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Optional;

double steady() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

TEST(ClockCheck, LetsTheSteadyClockBe) {
  for (int i = 0; i < 10000; ++i) ASSERT_EQ(clock_fault(steady), std::nullopt);
}

TEST(ClockCheck, NoticesAClockThatRunsSlowFastOrNotAtAll) {
  EXPECT_THAT(clock_fault([] { return steady() / 2; }), Optional(HasSubstr("replaced the clock")));
  EXPECT_THAT(clock_fault([] { return steady() + 0.001; }), Optional(HasSubstr("replaced the clock")));
  static const double then = steady() - 1;
  EXPECT_THAT(clock_fault([] { return then; }), Optional(HasSubstr("replaced the clock")));
}

}  // namespace
}  // namespace timetrial
