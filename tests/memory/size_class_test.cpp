#include "harness/memory/size_class.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(SizeClass, SizesRiseInEighthsOfADoubling) {
  EXPECT_EQ(bytes_of_class(0), 64U);
  EXPECT_EQ(bytes_of_class(7), 512U);
  EXPECT_EQ(bytes_of_class(8), 576U);
  EXPECT_EQ(bytes_of_class(15), 1024U);
  EXPECT_EQ(bytes_of_class(16), 1152U);
  EXPECT_EQ(bytes_of_class(kSizeClasses - 1), kLargestBlock);
}

TEST(SizeClass, AClassHoldsWhatIsAboveTheOneBelow) {
  for (std::size_t size_class = 1; size_class < kSizeClasses; ++size_class) {
    const std::size_t bytes = bytes_of_class(size_class);
    const std::size_t below = bytes_of_class(size_class - 1);
    ASSERT_EQ(bytes % kBlockAlignment, 0U);
    ASSERT_EQ(size_class_holding(bytes), size_class);
    ASSERT_EQ(size_class_holding(below + 1), size_class);
    ASSERT_EQ(size_class_within(bytes), size_class);
    ASSERT_EQ(size_class_within(bytes - 1), size_class - 1);
    if (below < 512) continue;
    ASSERT_LE(8 * (bytes - below), below);
  }
}

TEST(SizeClass, TheSmallestHoldsOneByte) {
  EXPECT_EQ(size_class_holding(1), 0U);
  EXPECT_EQ(size_class_holding(64), 0U);
  EXPECT_EQ(size_class_holding(65), 1U);
}

}  // namespace
}  // namespace timetrial
