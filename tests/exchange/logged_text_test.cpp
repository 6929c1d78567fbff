// Numbers, names and packed files of others.

#include <clocale>

#include <gtest/gtest.h>
#include <zlib.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"
#include "results/exchange/file_contents.h"
#include "results/exchange/logged_number.h"
#include "results/exchange/plain_name.h"
#include "results/exchange/python_json.h"

namespace timetrial {
namespace {

TEST(LoggedNumber, IsExactInEveryLocale) {
  const char* const before = std::setlocale(LC_NUMERIC, "de_DE.UTF-8");
  EXPECT_EQ(finite_number("0.1"), 0.1);
  EXPECT_EQ(finite_number("23.209731340408325"), 23.209731340408325);
  EXPECT_EQ(finite_number(" +1e3 "), 1000.0);
  if (before != nullptr) std::setlocale(LC_NUMERIC, "C");
}

TEST(LoggedNumber, TellsNumbersThatAreNoneFromTextsThatAreNone) {
  for (const char* text : {"", " ", "nan", "NaN", "-inf", "Infinity", "None"}) {
    EXPECT_FALSE(finite_number(text)) << text;
    EXPECT_TRUE(is_not_a_number(text)) << text;
  }
  for (const char* text : {"1,5", "0x10", "1 2", "abc", "--1", "+-1"}) {
    EXPECT_FALSE(finite_number(text)) << text;
    EXPECT_FALSE(is_not_a_number(text)) << text;
  }
}

TEST(LoggedNumber, WholeNumbersMayBeWrittenAsFractions) {
  EXPECT_EQ(whole_number(std::string_view("64.0")), 64);
  EXPECT_EQ(whole_number(std::string_view("1e3")), 1000);
  EXPECT_FALSE(whole_number(std::string_view("64.5")));
  EXPECT_FALSE(whole_number(std::string_view("1e300")));
}

TEST(PlainName, RefusesWhatIsNoDirectoryName) {
  EXPECT_TRUE(is_plain_name("schedule_free_adamw"));
  EXPECT_TRUE(is_plain_name("größe"));
  for (const char* name : {"", ".", "..", "a/b", "a\nb", "\xC3", "\xC0\x80", "\xED\xA0\x80"}) {
    EXPECT_FALSE(is_plain_name(name)) << name;
  }
  EXPECT_FALSE(is_plain_name(std::string(201, 'a')));
}

TEST(PythonJson, KnowsNumbersThatAreNone) {
  const nlohmann::json json =
      parse_python_json(R"({"a": NaN, "b": [-Infinity, Infinity], "c": "NaN\"NaN"})", "f");
  EXPECT_EQ(json["a"], "nan");
  EXPECT_EQ(json["b"][0], "-inf");
  EXPECT_EQ(json["b"][1], "inf");
  EXPECT_EQ(json["c"], "NaN\"NaN");
  EXPECT_THROW(parse_python_json("{\"a\": NaNo}", "f"), UserError);
}

std::string packed(const std::string& text) {
  TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "a.gz";
  gzFile stream = gzopen(file.c_str(), "wb");
  gzwrite(stream, text.data(), static_cast<unsigned>(text.size()));
  gzclose(stream);
  std::ifstream bytes(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(bytes), {}};
}

TEST(FileContents, UnpacksGzipOfSeveralMembers) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(unpacked(packed(text) + packed("more"), "f"), text + "more");
  EXPECT_EQ(unpacked("plain", "f"), "plain");
}

TEST(FileContents, SaysWhenGzipIsCutOffOrDamaged) {
  const std::string bytes = packed(std::string(1000, 'x') + "abcdefghijk");
  for (std::size_t size = 2; size < bytes.size(); ++size) {
    EXPECT_THROW(unpacked(bytes.substr(0, size), "f"), UserError) << size;
  }
  std::string damaged = bytes;
  damaged[bytes.size() - 6] = static_cast<char>(damaged[bytes.size() - 6] + 1);  // of the checksum
  EXPECT_THROW(unpacked(damaged, "f"), UserError);
}

TEST(FileContents, SaysWhatCannotBeRead) {
  const TemporaryFolder folder;
  EXPECT_THROW(file_contents(folder.path() / "absent"), UserError);
  EXPECT_THROW(file_contents(folder.path()), UserError);
}

}  // namespace
}  // namespace timetrial
