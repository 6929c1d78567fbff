#include "workloads/data/seeded_order.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expect_user_error.h"
#include "workloads/data/shuffled_epochs.h"

namespace timetrial {
namespace {

TEST(SeededOrder, IsAPermutation) {
  auto order = seeded_order(1000, 5, 3);
  std::sort(order.begin(), order.end());
  for (uint32_t i = 0; i < 1000; ++i) EXPECT_EQ(order[i], i);
}

TEST(SeededOrder, DependsOnSeedAndEpochOnly) {
  EXPECT_EQ(seeded_order(100, 1, 0), seeded_order(100, 1, 0));
  EXPECT_NE(seeded_order(100, 1, 0), seeded_order(100, 1, 1));
  EXPECT_NE(seeded_order(100, 1, 0), seeded_order(100, 2, 0));
  EXPECT_NE(seeded_order(100, 1, 1), seeded_order(100, 2, 0));
}

TEST(SeededOrder, EveryPlaceIsEquallyLikely) {
  constexpr int kDraws = 6000;
  int counts[3][3] = {};
  for (int seed = 0; seed < kDraws; ++seed) {
    const auto order = seeded_order(3, static_cast<uint64_t>(seed), 0);
    for (uint32_t place = 0; place < 3; ++place) ++counts[place][order[place]];
  }
  // Expected 2000 each with a standard deviation of 36.5; the draws are fixed, so this never flickers.
  for (const auto& row : counts) {
    for (const int count : row) EXPECT_NEAR(count, kDraws / 3, 150);
  }
}

TEST(SeededOrder, EmptyAndSingle) {
  EXPECT_TRUE(seeded_order(0, 1, 0).empty());
  EXPECT_THAT(seeded_order(1, 1, 0), testing::ElementsAre(0u));
}

std::vector<uint32_t> take(ShuffledEpochs& epochs, int64_t count) {
  const ChosenExamples chosen = epochs.next();
  EXPECT_EQ(chosen.count(), count);
  return {chosen.examples.begin(), chosen.examples.end()};
}

TEST(ShuffledEpochs, DropsThePartialBatchAtTheEndOfAnEpoch) {
  ShuffledEpochs epochs(10, 4, 1);
  take(epochs, 4);
  take(epochs, 4);
  EXPECT_EQ(epochs.position(), (std::vector<int64_t>{0, 8}));
  take(epochs, 4);
  EXPECT_EQ(epochs.position(), (std::vector<int64_t>{1, 4}));
}

TEST(ShuffledEpochs, ResumesAnywhereAlsoAcrossAnEpoch) {
  ShuffledEpochs uninterrupted(10, 3, 7);
  for (int i = 0; i < 8; ++i) {
    const auto position = uninterrupted.position();
    ShuffledEpochs resumed(10, 3, 7);
    resumed.seek(position);
    EXPECT_EQ(take(resumed, 3), take(uninterrupted, 3)) << i;
  }
}

TEST(ShuffledEpochs, BatchLargerThanTheDataIsAUserError) {
  EXPECT_THAT(user_error_of([] { ShuffledEpochs(10, 11, 1); }), testing::HasSubstr("11"));
}

TEST(ShuffledEpochs, ForeignPositionIsAUserError) {
  ShuffledEpochs epochs(10, 3, 7);
  for (const std::vector<int64_t>& position : {std::vector<int64_t>{}, {0}, {0, 11}, {-1, 0}, {0, 0, 0}}) {
    user_error_of([&] { epochs.seek(position); });
  }
}

}  // namespace
}  // namespace timetrial
