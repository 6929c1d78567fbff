#include "harness/journal/futility.h"

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr FutilityBound kBound{4, 10, 300};

TEST(Futility, IsCertainOnlyWhenNothingIsLeftToWinBy) {
  EXPECT_TRUE(is_futile(kBound, 5, 10.5, 300));
  EXPECT_FALSE(is_futile(kBound, 4, 10.5, 300));  // its next evaluation has the same number
  EXPECT_FALSE(is_futile(kBound, 5, 10, 300));    // its next one may come at once
  EXPECT_FALSE(is_futile(kBound, 5, 10.5, 299));
}

TEST(Futility, BoundsComeDownTogether) {
  EXPECT_EQ(lower_of(kBound, {2, 20, 400}), (FutilityBound{2, 10, 300}));
  EXPECT_EQ(lower_of({2, 20, 400}, kBound), (FutilityBound{2, 10, 300}));
}

class FutilityFile : public FolderTest {};

TEST_F(FutilityFile, ReadsBackAndMayBeLowered) {
  EXPECT_FALSE(read_futility_bound(folder_).has_value());
  write_futility_bound(folder_, kBound);
  EXPECT_EQ(read_futility_bound(folder_), kBound);
  const FutilityBound lower{1, 0.1 + 0.2, 7};
  write_futility_bound(folder_, lower);
  EXPECT_EQ(read_futility_bound(folder_), lower);
}

TEST_F(FutilityFile, RefusesWhatIsNoBound) {
  for (const char* text : {"", "{", "{}", R"({"evaluation":1,"seconds":2})",
                           R"({"evaluation":1,"seconds":2,"step":3,"mood":4})"}) {
    write(folder_ / "futility.json", text);
    EXPECT_THROW(read_futility_bound(folder_), UserError) << text;
  }
}

}  // namespace
}  // namespace timetrial
