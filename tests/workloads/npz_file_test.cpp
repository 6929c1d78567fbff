#include "workloads/npz/npz_file.h"

#include <numeric>
#include <thread>

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "made_zip.h"
#include "workloads/npz/npz_writer.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string one_array(const std::string& npy, ZipMethod method = ZipMethod::stored) {
  return made_zip({{"a.npy", npy, method}});
}

const std::vector<float> kSix = {0, 1, 2, 3, 4, 5};

std::string six(const std::string& shape = "(2, 3)", const std::string& order = "False") {
  return one_array(made_npy(dictionary_of("<f4", shape, order), bytes_of(kSix)), ZipMethod::deflated);
}

TEST(NpzFile, ListsItsArraysOnly) {
  const std::string scalar = made_npy(dictionary_of("|i1", "()"), "\x07");
  const std::string zip =
      made_zip({{"b.npy", scalar}, {"notes.txt", "x"}, {"a.npy", scalar}, {"a.npy.npy", scalar}});
  const NpzFile file = npz_of(zip);
  EXPECT_THAT(file.names(), ElementsAre("b", "a", "a.npy"));
  EXPECT_TRUE(file.contains("a"));
  EXPECT_FALSE(file.contains("notes.txt"));
  EXPECT_THAT(file.read<int8_t>("a.npy"), ElementsAre(7));
}

TEST(NpzFile, ReadsTypeShapeAndValues) {
  const std::string zip = six();
  const NpzFile file = npz_of(zip);
  EXPECT_EQ(file.header("a").type, NpyType::float32);
  EXPECT_THAT(file.header("a").shape, ElementsAre(2, 3));
  EXPECT_EQ(file.read<float>("a"), kSix);
}

TEST(NpzFile, ReadsSingleValuesAndEmptyArrays) {
  const std::string zip = made_zip({{"single.npy", made_npy(dictionary_of("|u1", "()"), "\xff")},
                                    {"empty.npy", made_npy(dictionary_of("<f8", "(0, 3)"), "")},
                                    {"flat.npy", made_npy(dictionary_of("<f8", "(1000000000000, 0)"), "")}});
  const NpzFile file = npz_of(zip);
  EXPECT_THAT(file.read<uint8_t>("single"), ElementsAre(255));
  EXPECT_TRUE(file.read<double>("empty").empty());
  int blocks = 0;
  file.read_rows<double>("empty", 10, [&](int64_t, std::span<const double>) { ++blocks; });
  file.read_rows<double>("flat", 10, [&](int64_t, std::span<const double>) { ++blocks; });
  EXPECT_EQ(blocks, 0);
  EXPECT_THAT(user_error_of([&] { file.read_rows<uint8_t>("single", 10, {}); }), HasSubstr("has no rows"));
}

TEST(NpzFile, PutsFortransOrderRight) {
  EXPECT_THAT(npz_of(std::string(six("(2, 3)", "True"))).read<float>("a"), ElementsAre(0, 2, 4, 1, 3, 5));
  // Of more dimensions: value = 100 x + 10 y + z, the first index fastest in the file.
  std::vector<int32_t> in_file, expected;
  for (int z = 0; z < 4; ++z) {
    for (int y = 0; y < 3; ++y) {
      for (int x = 0; x < 2; ++x) in_file.push_back(100 * x + 10 * y + z);
    }
  }
  for (int x = 0; x < 2; ++x) {
    for (int y = 0; y < 3; ++y) {
      for (int z = 0; z < 4; ++z) expected.push_back(100 * x + 10 * y + z);
    }
  }
  const std::string zip = one_array(made_npy(dictionary_of("<i4", "(2, 3, 4)", "True"), bytes_of(in_file)));
  const NpzFile file = npz_of(zip);
  EXPECT_EQ(file.read<int32_t>("a"), expected);
  EXPECT_THAT(user_error_of([&] { file.read_rows<int32_t>("a", 1, {}); }),
              HasSubstr("numpy.ascontiguousarray(array)"));
}

// One dimension is the same in both orders.
TEST(NpzFile, StreamsFortransOrderWhereItMakesNoDifference) {
  const std::string zip = six("(6, 1)", "True");
  std::vector<float> all;
  npz_of(zip).read_rows<float>("a", 4, [&](int64_t, std::span<const float> values) {
    all.insert(all.end(), values.begin(), values.end());
  });
  EXPECT_EQ(all, kSix);
}

TEST(NpzFile, StreamsWhatItReads) {
  constexpr int64_t kRows = 1013, kWidth = 36;
  std::vector<float> values(kRows * kWidth);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 7) - 1;
  for (const ZipMethod method : {ZipMethod::stored, ZipMethod::deflated}) {
    const std::string zip =
        one_array(made_npy(dictionary_of("<f4", "(1013, 2, 18)"), bytes_of(values)), method);
    const NpzFile file = npz_of(zip);
    EXPECT_EQ(file.read<float>("a"), values);
    for (const int64_t block :
         {int64_t{1}, int64_t{64}, kRows - 1, kRows, std::numeric_limits<int64_t>::max()}) {
      std::vector<float> all;
      file.read_rows<float>("a", block, [&](int64_t first, std::span<const float> rows) {
        EXPECT_EQ(static_cast<size_t>(first * kWidth), all.size());
        EXPECT_EQ(static_cast<int64_t>(rows.size()), std::min(block, kRows - first) * kWidth);
        all.insert(all.end(), rows.begin(), rows.end());
      });
      EXPECT_EQ(all, values) << block << " rows a block";
    }
  }
}

TEST(NpzFile, WhatTheReceiverThrowsPasses) {
  const std::string zip = six();
  const NpzFile file = npz_of(zip);
  const auto stop = [](int64_t, std::span<const float>) { throw std::domain_error("enough"); };
  EXPECT_THROW(file.read_rows<float>("a", 1, stop), std::domain_error);
  EXPECT_THROW(file.read_rows<float>("a", 0, stop), std::logic_error);
}

TEST(NpzFile, AnotherTypeIsNotConverted) {
  const std::string zip = six();
  const NpzFile file = npz_of(zip);
  EXPECT_THAT(
      user_error_of([&] { file.read<double>("a"); }),
      HasSubstr(
          "is not of type float64 (found: float32). To cure it: save it by array.astype(numpy.float64)"));
  EXPECT_THAT(user_error_of([&] { file.read<uint8_t>("a"); }), HasSubstr("is not of type uint8"));
  EXPECT_THAT(user_error_of([&] { file.read_rows<int32_t>("a", 1, {}); }), HasSubstr("is not of type int32"));
}

TEST(NpzFile, AMissingArrayIsNamedBesideThoseThatThereAre) {
  const std::string zip = six();
  EXPECT_THAT(user_error_of([&] { npz_of(zip).header("b"); }),
              HasSubstr("made.npz: there is no array 'b' (found: 'a')"));
  std::vector<MadeEntry> many;
  for (int i = 0; i < 20; ++i) many.push_back({std::to_string(i) + ".npy", ""});
  const std::string twenty = made_zip(many);
  EXPECT_THAT(user_error_of([&] { npz_of(twenty).header("b"); }), HasSubstr("'6', '7', ...)"));
  const std::string none = made_zip({});
  EXPECT_THAT(user_error_of([&] { npz_of(none).header("b"); }), HasSubstr("no array at all"));
}

TEST(NpzFile, ShapesThatDoNotFitTheBytesAreRefusedBeforeMemoryIsTaken) {
  for (const char* shape : {"(2, 2)", "(2, 4)", "()", "(0,)", "(1000000000000, 200000)"}) {
    const std::string zip = six(shape);
    EXPECT_THAT(user_error_of([&] { npz_of(zip).read<float>("a"); }), HasSubstr("bytes of values")) << shape;
    EXPECT_THAT(user_error_of([&] { npz_of(zip).header("a"); }), HasSubstr("(found: 24 bytes)")) << shape;
  }
}

TEST(NpzFile, EntriesThatEndWithinTheHeaderAreRefused) {
  const std::string npy = made_npy(dictionary_of("<f4", "(2, 3)"), bytes_of(kSix));
  for (const ZipMethod method : {ZipMethod::stored, ZipMethod::deflated}) {
    for (size_t size = 0; size < npy.size(); ++size) {
      const std::string zip = one_array(npy.substr(0, size), method);
      EXPECT_FALSE(user_error_of([&] { npz_of(zip).read<float>("a"); }).empty()) << size;
    }
  }
}

TEST(NpzFile, DamagedValuesAreFoundAtTheEndOfTheStream) {
  std::string zip = one_array(made_npy(dictionary_of("<f4", "(2, 3)"), bytes_of(kSix)));
  const size_t last = zip.find(bytes_of(kSix)) + 23;
  zip[last] = static_cast<char>(zip[last] ^ 1);
  const NpzFile file = npz_of(zip);
  EXPECT_THAT(user_error_of([&] { file.read<float>("a"); }), HasSubstr("CRC-32"));
  EXPECT_THAT(user_error_of([&] { file.read_rows<float>("a", 1, [](int64_t, auto) {}); }),
              HasSubstr("CRC-32"));
}

TEST(NpzFile, OfAnEmptyArrayTheChecksumCountsToo) {
  std::string zip = one_array(made_npy(dictionary_of("<f4", "(0, 3)") + "   ", ""));
  zip = with(with(zip, 14, uint32_t{1}), record_at(zip, kDirectorySignature) + 16, uint32_t{1});
  EXPECT_THAT(user_error_of([&] { npz_of(zip).read<float>("a"); }), HasSubstr("CRC-32"));
  EXPECT_THAT(user_error_of([&] { npz_of(zip).read_rows<float>("a", 1, {}); }), HasSubstr("CRC-32"));
}

TEST(NpzFile, SeveralThreadsReadAtOnce) {
  const TemporaryFolder folder;
  std::vector<int64_t> values(20'000);
  std::iota(values.begin(), values.end(), -5);
  NpzWriter writer(folder.path() / "a.npz");
  writer.add("a", {200, 100}, values);
  writer.finish();
  const NpzFile file(folder.path() / "a.npz");
  std::vector<std::vector<int64_t>> found(4);
  std::vector<std::thread> threads;
  for (auto& result : found) threads.emplace_back([&] { result = file.read<int64_t>("a"); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& result : found) EXPECT_EQ(result, values);
}

}  // namespace
}  // namespace timetrial
