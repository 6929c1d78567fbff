#include "harness/cluster/time_limit.h"

#include <gmock/gmock.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

TEST(TimeLimit, IsReadAsSbatchReadsIt) {
  EXPECT_EQ(seconds_of_time_limit("90"), 5400);
  EXPECT_EQ(seconds_of_time_limit("90:30"), 5430);
  EXPECT_EQ(seconds_of_time_limit("1:30:05"), 5405);
  EXPECT_EQ(seconds_of_time_limit("2-0"), 172800);
  EXPECT_EQ(seconds_of_time_limit("2-12"), 216000);
  EXPECT_EQ(seconds_of_time_limit("2-12:30"), 217800);
  EXPECT_EQ(seconds_of_time_limit("2-12:30:15"), 217815);
}

TEST(TimeLimit, OfAnotherFormIsRefused) {
  for (const char* text : {"", "0", "0:00", "1h", "1:2:3:4", "1:", ":1", "-", "1-", "-1", "1-2-3", "1.5",
                           "99999999999999999999"}) {
    EXPECT_THROW(seconds_of_time_limit(text), UserError) << text;
  }
}

}  // namespace
}  // namespace timetrial
