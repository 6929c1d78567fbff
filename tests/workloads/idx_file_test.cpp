#include "workloads/data/idx_file.h"

#include <zlib.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

const std::string kTwoByThree = bytes({0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255});

std::string gzipped(const std::filesystem::path& file, const std::string& contents) {
  gzFile stream = gzopen(file.c_str(), "wb");
  gzwrite(stream, contents.data(), static_cast<unsigned>(contents.size()));
  gzclose(stream);
  std::ifstream packed(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(packed), {}};
}

TEST(IdxFile, ReadsDimensionsAndValues) {
  TemporaryFolder folder;
  const IdxData data = read_idx(folder.write("x", kTwoByThree), 2);
  EXPECT_THAT(data.dimensions, ElementsAre(2, 3));
  EXPECT_THAT(data.values, ElementsAre(1, 2, 3, 4, 5, 255));
}

TEST(IdxFile, ReadsCompressedFiles) {
  TemporaryFolder folder;
  gzipped(folder.path() / "x.gz", kTwoByThree);
  EXPECT_THAT(read_idx(find_plain_or_gzip(folder.path(), "x"), 2).values, ElementsAre(1, 2, 3, 4, 5, 255));
}

TEST(IdxFile, WrongMagicNamesFileAndValue) {
  TemporaryFolder folder;
  const auto file = folder.write("labels", bytes({0, 0, 9, 2, 0, 0, 0, 0}));
  const std::string message = user_error_of([&] { read_idx(file, 2); });
  EXPECT_THAT(message, HasSubstr(file.string()));
  EXPECT_THAT(message, HasSubstr("0x00000902"));
  EXPECT_THAT(message, HasSubstr("0x00000802"));
}

TEST(IdxFile, AnotherRankIsRefused) {
  TemporaryFolder folder;
  const auto file = folder.write("x", kTwoByThree);
  EXPECT_THAT(user_error_of([&] { read_idx(file, 3); }), HasSubstr("0x00000802"));
}

TEST(IdxFile, EveryTruncationIsRefused) {
  TemporaryFolder folder;
  for (size_t length = 0; length < kTwoByThree.size(); ++length) {
    const auto file = folder.write("x", kTwoByThree.substr(0, length));
    EXPECT_THAT(user_error_of([&] { read_idx(file, 2); }), HasSubstr(file.string())) << length;
  }
}

TEST(IdxFile, BytesAfterTheLastValueAreRefused) {
  TemporaryFolder folder;
  const auto file = folder.write("x", kTwoByThree + "x");
  EXPECT_THAT(user_error_of([&] { read_idx(file, 2); }), HasSubstr("7 bytes"));
}

TEST(IdxFile, HugeDimensionsAreRefusedWithoutAllocating) {
  TemporaryFolder folder;
  const auto file = folder.write("x", bytes({0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1}));
  EXPECT_THAT(user_error_of([&] { read_idx(file, 2); }), HasSubstr("4294967295"));
}

TEST(IdxFile, TruncatedCompressionIsRefused) {
  TemporaryFolder folder;
  const std::string packed = gzipped(folder.path() / "whole.gz", kTwoByThree);
  const auto file = folder.write("x.gz", packed.substr(0, packed.size() - 6));
  EXPECT_THAT(user_error_of([&] { read_idx(file, 2); }), HasSubstr("x.gz"));
}

}  // namespace
}  // namespace timetrial
