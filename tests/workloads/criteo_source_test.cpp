#include "workloads/criteo1tb/criteo_source.h"

#include <ATen/ATen.h>

#include "criteo_rows.h"
#include "expect_user_error.h"
#include "workloads/data/prefetching_loader.h"

namespace timetrial {
namespace {

bool same(const Batch& left, const Batch& right) {
  return left.examples == right.examples && at::equal(left.at("inputs"), right.at("inputs")) &&
         at::equal(left.at("targets"), right.at("targets"));
}

class CriteoSource : public testing::Test {
 protected:
  CriteoSource()
      : files_({folder_.write("day_0_00", criteo_rows(0, 7)), folder_.write("day_1_00", criteo_rows(7, 5)),
                folder_.write("day_2_00", criteo_rows(12, 9))}) {}

  std::unique_ptr<BatchSource> streamed(int64_t batch) {
    return std::make_unique<StreamedCriteoSource>(files_, batch, 4, AtEpochEnd::drop_remainder);
  }
  std::unique_ptr<BatchSource> parsed(int64_t batch) {
    return std::make_unique<ParsedCriteoSource>(parse_files(files_), batch, 4);
  }

  TemporaryFolder folder_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(CriteoSource, ParsedAndStreamedBatchesAndPositionsAgree) {
  for (const int64_t batch : {1, 4, 9, 21}) {
    const auto left = streamed(batch);
    const auto right = parsed(batch);
    for (int i = 0; i < 30; ++i) {
      EXPECT_TRUE(same(left->next_task()(), right->next_task()())) << batch << ", " << i;
      EXPECT_EQ(left->position(), right->position()) << batch << ", " << i;
    }
  }
}

TEST_F(CriteoSource, ShapesAreThoseOfTheModel) {
  const Batch batch = streamed(4)->next_task()();
  EXPECT_EQ(batch.examples, 4);
  EXPECT_EQ(batch.at("inputs").sizes(), at::IntArrayRef({4, 39}));
  EXPECT_EQ(batch.at("targets").sizes(), at::IntArrayRef({4, 1}));
}

TEST_F(CriteoSource, ResumesAnywhereAlsoAcrossAnEpoch) {
  for (const bool stream : {true, false}) {
    const auto open = [&] { return stream ? streamed(4) : parsed(4); };
    const auto uninterrupted = open();
    for (int i = 0; i < 15; ++i) {
      PrefetchingLoader resumed(open(), 2, 3);
      resumed.next();
      resumed.seek(uninterrupted->position());
      EXPECT_TRUE(same(uninterrupted->next_task()(), resumed.next())) << stream << ", " << i;
      EXPECT_EQ(uninterrupted->position(), resumed.position());
    }
  }
}

TEST_F(CriteoSource, PositionsOfOtherDataAreRefused) {
  const auto source = parsed(4);
  for (const DataPosition& position : {DataPosition{}, {0, 0}, {0, 3, 0}, {0, 0, 1}, {-1, 0, 0}}) {
    user_error_of([&] { source->seek(position); });
  }
}

TEST_F(CriteoSource, CorruptRowsReachTheConsumerWithTheirLine) {
  files_ = {folder_.write("day_0_00", criteo_rows(0, 5) + criteo_row_with(0, "x") + criteo_rows(6, 6))};
  PrefetchingLoader loader(streamed(4), 1, 2);
  EXPECT_EQ(loader.next().examples, 4);
  EXPECT_THAT(user_error_of([&] { loader.next(); }), testing::HasSubstr("day_0_00, line 6"));
  EXPECT_THAT(user_error_of([&] { parsed(4); }), testing::HasSubstr("day_0_00, line 6"));
}

TEST_F(CriteoSource, BatchLargerThanTheDataIsAUserError) {
  EXPECT_THAT(user_error_of([&] { parsed(22); }), testing::HasSubstr("22"));
}

}  // namespace
}  // namespace timetrial
