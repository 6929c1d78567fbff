#include "workloads/fastmri/column_mask.h"

#include <numeric>

#include <gtest/gtest.h>

namespace timetrial {
namespace {

int64_t kept(const std::vector<uint8_t>& mask) {
  return std::accumulate(mask.begin(), mask.end(), int64_t{0});
}

TEST(ColumnMask, CentreIsKeptWhole) {
  // 8 % of 368, truncated, is 29; they begin at (368 - 29 + 1) / 2.
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto mask = column_mask(368, seed);
    ASSERT_EQ(mask.size(), 368u);
    EXPECT_EQ(std::accumulate(mask.begin() + 170, mask.begin() + 199, 0), 29) << seed;
  }
}

TEST(ColumnMask, AQuarterIsKeptOnAverage) {
  int64_t all = 0;
  int64_t before_centre = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const auto mask = column_mask(372, seed);
    all += kept(mask);
    before_centre += mask[171];
  }
  // 93 of 372 columns; the deviation of the mean of 2000 is 0.17.
  EXPECT_NEAR(static_cast<double>(all) / 2000, 93, 0.8);
  // (93 - 29) / (372 - 29) next to the centre, as everywhere outside it.
  EXPECT_NEAR(static_cast<double>(before_centre) / 2000, 0.1866, 0.035);
}

TEST(ColumnMask, DependsOnWidthAndSeedAlone) {
  EXPECT_EQ(column_mask(320, 5), column_mask(320, 5));
  EXPECT_NE(column_mask(320, 5), column_mask(320, 6));
  EXPECT_EQ(kept(column_mask(3, 0)) <= 3, true);
}

TEST(ColumnMask, TrainingSlicesDifferAndEvaluationSlicesDoNot) {
  const MaskSeeds training{7, true};
  EXPECT_NE(training.of(0), training.of(1));
  EXPECT_NE(training.of(0), (MaskSeeds{8, true}).of(0));
  EXPECT_NE(training.of(1), (MaskSeeds{8, true}).of(0));
  EXPECT_EQ((MaskSeeds{0, false}).of(3), (MaskSeeds{0, false}).of(4));
}

}  // namespace
}  // namespace timetrial
