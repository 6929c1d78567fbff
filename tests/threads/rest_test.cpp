#include "harness/threads/rest.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::HasSubstr;

ThreadReading reading(pid_t id, double cpu_seconds, uint64_t start = 1) {
  return {{id, start}, "worker", cpu_seconds};
}

TEST(Rest, ThreadsThatDidNothingRested) {
  EXPECT_FALSE(unrest({}, {}, 1).has_value());
  EXPECT_FALSE(unrest({reading(1, 5)}, {reading(1, 5)}, 1).has_value());
}

TEST(Rest, ToleratesTwentyMillisecondsOrTwoPercent) {
  EXPECT_FALSE(unrest({reading(1, 5)}, {reading(1, 5.02)}, 0.1).has_value());
  EXPECT_TRUE(unrest({reading(1, 5)}, {reading(1, 5.03)}, 0.1).has_value());
  EXPECT_FALSE(unrest({reading(1, 5)}, {reading(1, 5.19)}, 10).has_value());
  EXPECT_TRUE(unrest({reading(1, 5)}, {reading(1, 5.21)}, 10).has_value());
}

TEST(Rest, ManyThreadsTogetherAreHeldToTheSame) {
  const auto found = unrest({reading(1, 0), reading(2, 0), reading(3, 0)},
                            {reading(1, 0.01), reading(2, 0.03), reading(3, 0.01)}, 1);
  ASSERT_TRUE(found.has_value());
  EXPECT_DOUBLE_EQ(found->cpu_seconds, 0.05);
  EXPECT_DOUBLE_EQ(found->busiest_cpu_seconds, 0.03);
  EXPECT_THAT(found->busiest, HasSubstr("'worker' (id 2)"));
}

TEST(Rest, OnlyLooksAtThreadsThatWereThereAllTheTime) {
  EXPECT_FALSE(unrest({reading(1, 0)}, {reading(2, 9)}, 1).has_value());
  EXPECT_FALSE(unrest({reading(1, 0, 100)}, {reading(1, 9, 200)}, 1).has_value());  // its id was given again
}

}  // namespace
}  // namespace timetrial
