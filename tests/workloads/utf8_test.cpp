#include "harness/text/utf8.h"

#include <string>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

TEST(Utf8, AcceptsTheFirstAndLastCharacterOfEveryLength) {
  for (const std::string text : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                 "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(text));
    EXPECT_EQ(utf8_character_bytes(text), static_cast<int>(text.size()));
    EXPECT_EQ(count_characters("x" + text), text.empty() ? 1 : 2);
  }
}

TEST(Utf8, RefusesWhatIsNotWellFormed) {
  for (const std::string text : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2",
                                 "\xc2"
                                 "a",
                                 "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                                 "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe"}) {
    EXPECT_FALSE(is_utf8(text));
    EXPECT_FALSE(is_utf8("good " + text));
  }
}

}  // namespace
}  // namespace timetrial
