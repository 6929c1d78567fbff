#include "harness/worker/rank_failure.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(RankFailure, ComesBackFromItsText) {
  const auto found = rank_failure_from(to_text({3, Outcome::hung, "two\nlines"}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->rank, 3);
  EXPECT_EQ(found->outcome, Outcome::hung);
  EXPECT_EQ(found->message, "two\nlines");
  EXPECT_EQ(found->described(), "rank 3: two\nlines");
}

TEST(RankFailure, OtherTextIsNone) {
  for (const char* text : {"", "3", "3 hung", "hung 3\nwhy", "3 tired\nwhy"})
    EXPECT_FALSE(rank_failure_from(text)) << text;
}

}  // namespace
}  // namespace timetrial
