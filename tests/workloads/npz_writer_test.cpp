#include "workloads/npz/npz_writer.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "made_zip.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class NpzWriterTest : public FolderTest {
 protected:
  const std::filesystem::path file_ = folder_ / "a.npz";
};

template <typename Value>
std::vector<Value> extremes() {
  using Limits = std::numeric_limits<Value>;
  return {Limits::lowest(), Limits::max(), Limits::min(), Value{0}, Value{1}, Limits::denorm_min()};
}

void write_every_type(NpzWriter& writer) {
  writer.add("float32", {6}, extremes<float>());
  writer.add("float64", {2, 3}, extremes<double>());
  writer.add("int32", {3, 2}, extremes<int32_t>());
  writer.add("int64", {6, 1}, extremes<int64_t>());
  writer.add("int8", {1, 2, 3}, extremes<int8_t>());
  writer.add("uint8", {6}, extremes<uint8_t>());
  writer.add("single", {}, std::vector<float>{2.5f});
  writer.add("empty", {4, 0}, std::vector<float>{});
  writer.finish();
}

void expect_every_type(const NpzFile& file) {
  EXPECT_THAT(file.names(),
              ElementsAre("float32", "float64", "int32", "int64", "int8", "uint8", "single", "empty"));
  EXPECT_EQ(file.read<float>("float32"), extremes<float>());
  EXPECT_EQ(file.read<double>("float64"), extremes<double>());
  EXPECT_EQ(file.read<int32_t>("int32"), extremes<int32_t>());
  EXPECT_EQ(file.read<int64_t>("int64"), extremes<int64_t>());
  EXPECT_EQ(file.read<int8_t>("int8"), extremes<int8_t>());
  EXPECT_EQ(file.read<uint8_t>("uint8"), extremes<uint8_t>());
  EXPECT_THAT(file.header("int8").shape, ElementsAre(1, 2, 3));
  EXPECT_THAT(file.read<float>("single"), ElementsAre(2.5f));
  EXPECT_THAT(file.header("single").shape, ElementsAre());
  EXPECT_THAT(file.header("empty").shape, ElementsAre(4, 0));
  EXPECT_TRUE(file.read<float>("empty").empty());
}

TEST_F(NpzWriterTest, ReadsBackWhatItWrote) {
  for (const ZipMethod method : {ZipMethod::deflated, ZipMethod::stored}) {
    // 0 and 1: everything is larger than the plain records are said to hold.
    for (const ZipLimits limits :
         {ZipLimits{}, ZipLimits{1, 1}, ZipLimits{150, 9}, ZipLimits{kSaturated32, 8}}) {
      NpzWriter writer(file_, method, limits);
      write_every_type(writer);
      expect_every_type(NpzFile(file_));
    }
  }
}

TEST_F(NpzWriterTest, FloatsKeepEveryBit) {
  const std::vector<float> values = {-0.0f, INFINITY, -INFINITY, NAN};
  NpzWriter writer(file_);
  writer.add("a", {4}, values);
  writer.finish();
  EXPECT_EQ(bytes_of(NpzFile(file_).read<float>("a")), bytes_of(values));
}

TEST_F(NpzWriterTest, TheSameArraysGiveTheSameBytes) {
  std::string first;
  for (int i = 0; i < 2; ++i) {
    NpzWriter writer(file_);
    write_every_type(writer);
    if (i == 0) first = read(file_);
  }
  EXPECT_EQ(read(file_), first);
}

TEST_F(NpzWriterTest, WritesZip64RecordsWhereTheyAreNeeded) {
  const std::vector<float> values(100, 1);
  const auto written = [&](ZipLimits limits) {
    NpzWriter writer(file_, ZipMethod::stored, limits);
    writer.add("a", {100}, values);
    writer.add("b", {100}, values);
    writer.add("c", {100}, values);
    writer.finish();
    EXPECT_EQ(NpzFile(file_).read<float>("c"), values);
    return read(file_);
  };
  const std::string plain = written({});
  EXPECT_EQ(record_at(plain, kWideEndSignature), std::string::npos);
  const std::string many = written({kSaturated32, 3});
  EXPECT_NE(record_at(many, kWideEndSignature), std::string::npos);
  EXPECT_EQ(many.size(), plain.size() + kWideEndBytes + kWideLocatorBytes);
  // Only the third's offset, beyond 1,000, and the directory's need it.
  const std::string far = written({1000, kSaturated16});
  EXPECT_EQ(far.size(), plain.size() + kWideEndBytes + kWideLocatorBytes + 4 + 8);
}

TEST_F(NpzWriterTest, MoreEntriesThanAPlainDirectoryHolds) {
  constexpr int kMany = 66'000;
  NpzWriter writer(file_, ZipMethod::stored);
  for (int i = 0; i < kMany; ++i) writer.add(std::to_string(i), {}, std::vector<int32_t>{i});
  writer.finish();
  const NpzFile file(file_);
  EXPECT_EQ(file.names().size(), static_cast<size_t>(kMany));
  for (const int i : {0, 65'535, kMany - 1})
    EXPECT_THAT(file.read<int32_t>(std::to_string(i)), ElementsAre(i));
}

// Pages of zeros that are never written cost no memory.
class Zeros {
 public:
  explicit Zeros(size_t bytes)
      : bytes_(bytes),
        data_(mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {}
  Zeros(const Zeros&) = delete;
  Zeros& operator=(const Zeros&) = delete;
  ~Zeros() { munmap(data_, bytes_); }

  std::span<const int8_t> values() const { return {static_cast<const int8_t*>(data_), bytes_}; }

 private:
  size_t bytes_;
  void* data_;
};

TEST_F(NpzWriterTest, AnArrayOfMoreThanFourGigabytesIsStreamed) {
  if (std::getenv("TIMETRIAL_LARGE_FILES") == nullptr) {
    GTEST_SKIP() << "takes a minute: set TIMETRIAL_LARGE_FILES=1";
  }
  constexpr int64_t kRows = 4'400, kWidth = 1'000'000;
  const Zeros zeros(static_cast<size_t>(kRows * kWidth));
  NpzWriter writer(file_);
  writer.add("a", {kRows, kWidth}, zeros.values());
  writer.add("b", {}, std::vector<float>{1});
  writer.finish();
  const NpzFile file(file_);
  int64_t rows = 0;
  file.read_rows<int8_t>("a", 16, [&](int64_t first, std::span<const int8_t> block) {
    EXPECT_EQ(first, rows);
    rows += static_cast<int64_t>(block.size()) / kWidth;
  });
  EXPECT_EQ(rows, kRows);
  EXPECT_THAT(file.read<float>("b"), ElementsAre(1));
}

TEST_F(NpzWriterTest, NothingStandsThereBeforeTheEnd) {
  write(file_, "old");
  {
    NpzWriter writer(file_);
    writer.add("a", {1}, std::vector<float>{1});
    EXPECT_EQ(read(file_), "old");
  }
  EXPECT_EQ(read(file_), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(NpzWriterTest, MakesFoldersAndTellsWhereItCannot) {
  NpzWriter writer(folder_ / "new/folder/a.npz");
  writer.finish();
  EXPECT_TRUE(NpzFile(folder_ / "new/folder/a.npz").names().empty());
  write(file_, "no folder");
  EXPECT_THAT(user_error_of([&] { NpzWriter(file_ / "b.npz"); }), HasSubstr("cannot be written"));
}

TEST_F(NpzWriterTest, AFullDiskIsAUsersError) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  std::filesystem::create_symlink("/dev/full", folder_ / "full.npz.partial");
  NpzWriter writer(folder_ / "full.npz", ZipMethod::stored);
  writer.add("a", {1}, std::vector<float>{1});
  EXPECT_THAT(user_error_of([&] { writer.add("b", {1'000'000}, std::vector<float>(1'000'000)); }),
              HasSubstr("No space left"));
  EXPECT_THAT(user_error_of([&] { writer.finish(); }), HasSubstr("No space left"));
}

TEST_F(NpzWriterTest, MistakesOfTheCallerAreNotWritten) {
  NpzWriter writer(file_);
  const std::vector<float> one = {1};
  writer.add("a", {1}, one);
  EXPECT_THROW(writer.add("a", {1}, one), std::logic_error);
  EXPECT_THROW(writer.add("b", {2}, one), std::logic_error);
  EXPECT_THROW(writer.add("b", {-1}, one), std::logic_error);
  EXPECT_THROW(writer.add("b", std::vector<int64_t>(65, 1), one), std::logic_error);
  EXPECT_THROW(writer.add("\xff", {1}, one), std::logic_error);
  EXPECT_THROW(writer.add(std::string("\0", 1), {1}, one), std::logic_error);
  EXPECT_THROW(writer.add(std::string(70'000, 'x'), {1}, one), std::logic_error);
  writer.finish();
  EXPECT_THAT(NpzFile(file_).names(), ElementsAre("a"));
}

}  // namespace
}  // namespace timetrial
