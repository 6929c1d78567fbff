#include "workloads/criteo1tb/row_stream.h"

#include <numeric>

#include "criteo_rows.h"
#include "expect_user_error.h"
#include "workloads/criteo1tb/day_files.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

std::string text_of(const RawRows& raw) {
  std::string text;
  for (const auto& part : raw.parts) text += part.bytes;
  return text;
}

// Three files with 5, 0 and 6 rows.
class RowStreamTest : public testing::Test {
 protected:
  RowStreamTest()
      : files_({folder_.write("day_0_00", criteo_rows(0, 5)), folder_.write("day_0_01", ""),
                folder_.write("day_1_00", criteo_rows(5, 6))}) {}

  RowStream stream(int64_t rows, AtEpochEnd end = AtEpochEnd::drop_remainder) {
    return RowStream(files_, rows, 9, end);
  }

  TemporaryFolder folder_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(RowStreamTest, EvaluationGivesEveryRowOnceAndThenNothing) {
  RowStream rows = stream(4, AtEpochEnd::stop);
  std::vector<int64_t> sizes;
  std::string text;
  for (int i = 0; i < 4; ++i) {
    const RawRows raw = rows.next();
    sizes.push_back(raw.rows);
    text += text_of(raw);
  }
  EXPECT_THAT(sizes, testing::ElementsAre(4, 4, 3, 0));
  EXPECT_EQ(text.size(), criteo_rows(0, 11).size());
  for (int i = 0; i < 11; ++i) EXPECT_THAT(text, HasSubstr(criteo_row(i))) << i;
}

TEST_F(RowStreamTest, TrainingDropsTheRemainderAndShufflesFilesEveryEpoch) {
  RowStream rows = stream(4);
  std::set<std::string> first_batches;
  for (int epoch = 0; epoch < 8; ++epoch) {
    const RawRows first = rows.next();
    EXPECT_EQ(rows.position()[0], epoch);
    EXPECT_EQ(first.rows, 4);
    first_batches.insert(text_of(first));
    EXPECT_EQ(rows.next().rows, 4);
  }
  EXPECT_EQ(first_batches.size(), 2u);  // either file came first in some epoch
}

TEST_F(RowStreamTest, BatchesRunAcrossFilesInOrder) {
  RowStream rows = stream(11);
  const auto order = file_order(3, 9, 0);
  std::string expected;
  for (const uint32_t file : order)
    expected += file == 0 ? criteo_rows(0, 5) : file == 2 ? criteo_rows(5, 6) : "";
  EXPECT_EQ(text_of(rows.next()), expected);
}

TEST_F(RowStreamTest, ResumesAnywhereAlsoAcrossAnEpoch) {
  RowStream uninterrupted = stream(3);
  for (int i = 0; i < 12; ++i) {
    RowStream resumed = stream(3);
    resumed.seek(uninterrupted.position());
    EXPECT_EQ(text_of(resumed.next()), text_of(uninterrupted.next())) << i;
  }
}

TEST_F(RowStreamTest, LongRowsNeedMoreThanOneRead) {
  const std::string rows = criteo_row_with(39, std::string(100000, 'x')) + criteo_row(1);
  RowStream stream({folder_.write("day_2_00", rows)}, 2, 0, AtEpochEnd::stop);
  EXPECT_EQ(text_of(stream.next()), rows);
}

TEST_F(RowStreamTest, LastRowWithoutNewlineIsARow) {
  std::string rows = criteo_rows(0, 2);
  rows.pop_back();
  RowStream stream({folder_.write("day_2_00", rows)}, 5, 0, AtEpochEnd::stop);
  EXPECT_EQ(stream.next().rows, 2);
}

TEST_F(RowStreamTest, TooFewRowsForABatchIsAUserError) {
  RowStream rows = stream(12);
  EXPECT_THAT(user_error_of([&] { rows.next(); }), HasSubstr("12"));
}

TEST_F(RowStreamTest, MissingFileIsAUserErrorAndMayBeTriedAgain) {
  RowStream rows({folder_.path() / "day_9_00"}, 2, 0, AtEpochEnd::drop_remainder);
  EXPECT_THAT(user_error_of([&] { rows.next(); }), HasSubstr("day_9_00"));
  folder_.write("day_9_00", criteo_rows(0, 2));
  EXPECT_EQ(rows.next().rows, 2);
}

TEST_F(RowStreamTest, TruncatedDayFileIsReportedWithItsLine) {
  const std::string rows = criteo_rows(0, 4);
  const auto file = folder_.write("day_2_00", rows.substr(0, rows.size() - 60));
  RowStream stream({file}, 2, 0, AtEpochEnd::stop);
  std::vector<float> inputs(2 * kCriteoInputs), labels(2);
  parse_criteo_rows(stream.next(), inputs.data(), labels.data());
  const RawRows second = stream.next();
  const std::string message = user_error_of([&] { parse_criteo_rows(second, inputs.data(), labels.data()); });
  EXPECT_THAT(message, HasSubstr(file.string() + ", line 4"));
  EXPECT_THAT(message, HasSubstr("ends in the middle of a row"));
}

TEST(DayFiles, SplitsFollowDayAndPart) {
  TemporaryFolder folder;
  for (int day = 0; day < 23; ++day) folder.write(day_file_name(day, 0), "");
  folder.write(day_file_name(10, 1), "");
  for (int part = 0; part < 36; ++part) folder.write(day_file_name(23, part), "");
  const DayFiles files = list_day_files(folder.path());
  EXPECT_EQ(files.train.size(), 24u);
  EXPECT_EQ(files.test.size(), 19u);
  EXPECT_EQ(files.validation.size(), 17u);
  EXPECT_EQ(files.validation.front().filename(), "day_23_19");
  EXPECT_EQ(files.train[11].filename(), "day_10_01");  // by number, not by letter
}

TEST(DayFiles, GapsForeignNamesAndMissingSplitsAreUserErrors) {
  TemporaryFolder folder;
  EXPECT_THAT(user_error_of([&] { list_day_files(folder.path()); }),
              HasSubstr("timetrial prepare criteo1tb"));
  folder.write("day_0_01", "");
  EXPECT_THAT(user_error_of([&] { list_day_files(folder.path()); }), HasSubstr("day_0_00"));
  folder.write("day_24_00", "");
  EXPECT_THAT(user_error_of([&] { list_day_files(folder.path()); }), HasSubstr("day_24_00"));
}

}  // namespace
}  // namespace timetrial
