#include "harness/telemetry/quantity_history.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

QuantityRange range_of(const std::vector<double>& values, std::size_t most_kept = 4096) {
  QuantityHistory history(most_kept);
  for (const double value : values) history.add(value);
  return history.range();
}

TEST(QuantityHistory, TellsLeastMiddleAndMost) {
  const QuantityRange odd = range_of({5, 1, 9});
  EXPECT_EQ(odd.minimum, 1);
  EXPECT_EQ(odd.median, 5);
  EXPECT_EQ(odd.maximum, 9);
  EXPECT_EQ(range_of({4, 1, 3, 2}).median, 2.5);
  EXPECT_EQ(range_of({-3}).maximum, -3);
}

TEST(QuantityHistory, KeepsTheExtremesOfALongOneAndAMedianOfAllOfIt) {
  QuantityHistory history(8);
  for (int i = 0; i < 100000; ++i) history.add(i == 70001 ? 1e9 : i == 70003 ? -1e9 : i);
  EXPECT_EQ(history.range().minimum, -1e9);
  EXPECT_EQ(history.range().maximum, 1e9);
  EXPECT_NEAR(history.range().median, 50000, 100000 / 8);
}

TEST(QuantityHistory, OfNothingHasNoRange) {
  EXPECT_THROW(QuantityHistory().range(), std::logic_error);
}

}  // namespace
}  // namespace timetrial
