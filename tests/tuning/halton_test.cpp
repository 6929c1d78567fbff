// Golden values: AlgoPerf's halton.py under NumPy, before its final shuffle.

#include "tuning/halton.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tuning/mt19937_legacy.h"

namespace timetrial {
namespace {

using testing::ElementsAre;

constexpr double kTolerance = 1e-15;

TEST(LegacyRandomState, IntervalStaysWithinItsBoundAndReachesBothEnds) {
  LegacyRandomState random(7);
  bool saw_zero = false;
  bool saw_max = false;
  for (int i = 0; i < 1000; ++i) {
    const uint32_t value = random.interval(9);
    ASSERT_LE(value, 9U);
    saw_zero = saw_zero || value == 0;
    saw_max = saw_max || value == 9;
  }
  EXPECT_TRUE(saw_zero && saw_max);
}

TEST(LegacyRandomState, IntervalOfZeroDrawsNothing) {
  LegacyRandomState random(7);
  LegacyRandomState untouched(7);
  EXPECT_EQ(random.interval(0), 0U);
  EXPECT_EQ(random.next_word(), untouched.next_word());
}

// The key golden values of the reference: RandomState(s).randint(0, 2^31 - 1, size 2).
TEST(LegacyRandomState, MatchesNumPyIntegers) {
  LegacyRandomState zero(0);
  EXPECT_EQ(zero.interval(2147483646), 209652396U);
  EXPECT_EQ(zero.interval(2147483646), 398764591U);
  LegacyRandomState large(123456789);
  EXPECT_EQ(large.interval(2147483646), 141016760U);
  EXPECT_EQ(large.interval(2147483646), 2107322012U);
}

TEST(Halton, BasesAreTheLargestPrimesBelowTheLargest) {
  EXPECT_THAT(halton_bases(1), ElementsAre(991));
  EXPECT_THAT(halton_bases(3), ElementsAre(977, 983, 991));
  EXPECT_THAT(halton_bases(7), ElementsAre(947, 953, 967, 971, 977, 983, 991));
}

TEST(Halton, ManyDimensionsUseALargerSieve) {
  // 167 odd primes below 1000 serve 166 dimensions; 302 below 2000.
  EXPECT_EQ(halton_bases(166).front(), 3U);
  EXPECT_EQ(halton_bases(167).back(), 1997U);
  EXPECT_EQ(halton_bases(167).size(), 167U);
}

TEST(Halton, PermutationsAndShiftsOfSmallBasesMatchTheReference) {
  EXPECT_THAT(halton_scramble(3).permutation, ElementsAre(0, 2, 1));
  EXPECT_NEAR(halton_scramble(3).shift, 0.07072488001099086, kTolerance);
  EXPECT_THAT(halton_scramble(5).permutation, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_NEAR(halton_scramble(5).shift, 0.8313278347754415, kTolerance);
  EXPECT_THAT(halton_scramble(7).permutation, ElementsAre(0, 4, 6, 1, 3, 2, 5));
  EXPECT_NEAR(halton_scramble(7).shift, 0.5384958704104337, kTolerance);
}

TEST(Halton, PermutationsAndShiftsOfLargeBasesMatchTheReference) {
  const auto head = [](uint32_t base) {
    const std::vector<uint32_t> all = halton_scramble(base).permutation;
    EXPECT_EQ(all.size(), base);
    return std::vector<uint32_t>(all.begin(), all.begin() + 13);
  };
  EXPECT_THAT(head(977), ElementsAre(0, 175, 492, 617, 216, 189, 292, 882, 414, 605, 670, 742, 923));
  EXPECT_THAT(head(983), ElementsAre(0, 487, 96, 821, 711, 86, 425, 388, 549, 307, 925, 756, 452));
  EXPECT_THAT(head(991), ElementsAre(0, 219, 782, 672, 547, 29, 857, 746, 305, 545, 637, 930, 499));
  EXPECT_NEAR(halton_scramble(977).shift, 0.3357131116098837, kTolerance);
  EXPECT_NEAR(halton_scramble(983).shift, 0.490658058831969, kTolerance);
  EXPECT_NEAR(halton_scramble(991).shift, 0.6867297263251911, kTolerance);
}

void expect_column(std::size_t dimensions, std::size_t column, const std::vector<double>& expected) {
  const auto points = halton_points(expected.size(), dimensions);
  ASSERT_EQ(points.size(), expected.size());
  for (std::size_t i = 0; i < points.size(); ++i)
    EXPECT_NEAR(points[i].at(column), expected[i], kTolerance) << i;
}

const std::vector<double> kColumn991 = {0.28612427728381884, 0.8300193327833143, 0.36079632571974196,
                                        0.47482256184486826, 0.87441892915062};

TEST(Halton, MatchesReferencePointsInOneDimension) {
  expect_column(1, 0, kColumn991);
}

TEST(Halton, MatchesReferencePointsInTwoDimensions) {
  expect_column(
      2, 0,
      {0.2739744372653363, 0.9911667058309517, 0.23023079535282354, 0.3757038370618775, 0.47539864886248795});
  expect_column(2, 1, kColumn991);
}

TEST(Halton, MatchesReferencePointsInThreeDimensions) {
  expect_column(
      3, 0,
      {0.13714606964468423, 0.8065421801871611, 0.2569004196958611, 0.1750171034215522, 0.16989939615440774});
}

TEST(Halton, MatchesReferencePointsInSevenDimensions) {
  const double expected[5][4] = {
      {0.648493533117636, 0.7565722923221863, 0.3641415259118679, 0.6914475933545885},
      {0.18703629974910374, 0.20253241824033963, 0.44273511432965496, 0.9221376036532496},
      {0.4900986017554397, 0.80169296388567, 0.505816810296563, 0.3505619084936204},
      {0.0011862469507932794, 0.11019243922669841, 0.9618664483524055, 0.5029820938695215},
      {0.14796555001309541, 0.7187968463620604, 0.705403159831206, 0.33820351508476354},
  };
  const auto points = halton_points(5, 7);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t d = 0; d < 4; ++d)
      EXPECT_NEAR(points[i][d], expected[i][d], kTolerance) << i << ", " << d;
  }
}

TEST(Halton, MatchesReferencePointsWithoutShift) {
  const double expected[5][2] = {{0.7833163784333672, 0.5993945509586277},
                                 {0.5005086469989827, 0.1432896064581231},
                                 {0.7395727365208545, 0.6740665993945509},
                                 {0.8850457782299085, 0.7880928355196771},
                                 {0.9847405900305188, 0.18768920282542886}};
  for (uint64_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(scrambled_radical_inverse(101 + i, halton_scramble(983)), expected[i][0], kTolerance);
    EXPECT_NEAR(scrambled_radical_inverse(101 + i, halton_scramble(991)), expected[i][1], kTolerance);
  }
}

TEST(Halton, MorePointsBeginWithTheFewerOnes) {
  const auto few = halton_points(5, 4);
  const auto many = halton_points(200, 4);
  for (std::size_t i = 0; i < few.size(); ++i) EXPECT_EQ(few[i], many[i]);
  for (const auto& point : many) {
    for (const double coordinate : point) {
      EXPECT_GE(coordinate, 0);
      EXPECT_LT(coordinate, 1);
    }
  }
}

}  // namespace
}  // namespace timetrial
