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

TEST(Rest, ToleratesTwentyMillisecondsAndTwoPercent) {
  EXPECT_FALSE(unrest({reading(1, 5)}, {reading(1, 5.02)}, 0.1).has_value());
  EXPECT_TRUE(unrest({reading(1, 5)}, {reading(1, 5.03)}, 0.1).has_value());
  EXPECT_FALSE(unrest({reading(1, 5)}, {reading(1, 5.21)}, 10).has_value());
  EXPECT_TRUE(unrest({reading(1, 5)}, {reading(1, 5.23)}, 10).has_value());
}

// As the pool that LibTorch makes when the number of threads changes.
TEST(Rest, ToleratesManyThreadsThatWakeUp) {
  EXPECT_FALSE(unrest({reading(1, 0), reading(2, 0), reading(3, 0)},
                      {reading(1, 0.02), reading(2, 0.01), reading(3, 0.02)}, 0.1)
                   .has_value());
}

TEST(Rest, TheShareIsThatOfAllThreadsTogether) {
  const auto found = unrest({reading(1, 0), reading(2, 0), reading(3, 0)},
                            {reading(1, 0.03), reading(2, 0.05), reading(3, 0.03)}, 1);
  ASSERT_TRUE(found.has_value());
  EXPECT_DOUBLE_EQ(found->cpu_seconds, 0.11);
  EXPECT_DOUBLE_EQ(found->busiest_cpu_seconds, 0.05);
  EXPECT_THAT(found->busiest, HasSubstr("'worker' (id 2)"));
  EXPECT_FALSE(unrest({reading(2, 0)}, {reading(2, 0.04)}, 1).has_value());
}

TEST(Rest, OnlyLooksAtThreadsThatWereThereAllTheTime) {
  EXPECT_FALSE(unrest({reading(1, 0)}, {reading(2, 9)}, 1).has_value());
  EXPECT_FALSE(unrest({reading(1, 0, 100)}, {reading(1, 9, 200)}, 1).has_value());  // its id was given again
}

}  // namespace
}  // namespace timetrial
