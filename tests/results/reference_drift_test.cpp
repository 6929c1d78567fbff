#include "results/scoring/reference_drift.h"

#include <gtest/gtest.h>

namespace timetrial {
namespace {

ReferenceTimesRecord measured(double product, double memory) {
  return {"before", {{"matrix product", product}, {"memory", memory}}, 0.3};
}

TEST(ReferenceDrift, IsThatOfTheKernelThatDriftedMost) {
  const auto drift = reference_drift({measured(0.010, 0.020), measured(0.011, 0.025)});
  ASSERT_TRUE(drift.has_value());
  EXPECT_EQ(drift->kernel, "memory");
  EXPECT_DOUBLE_EQ(drift->share, 0.25);
  EXPECT_EQ(to_string(*drift), "25.0 % (memory)");
}

TEST(ReferenceDrift, CountsInBothDirections) {
  EXPECT_DOUBLE_EQ(reference_drift({measured(0.012, 0.02), measured(0.010, 0.02)})->share, 0.012 / 0.010 - 1);
}

TEST(ReferenceDrift, OfAResumedTrialIsThatOfAllItsAttempts) {
  // The second attempt ran on another machine; the kernels did not change within either of them.
  const std::vector<ReferenceTimesRecord> all = {measured(1, 1), measured(2, 1), measured(2, 1)};
  EXPECT_DOUBLE_EQ(reference_drift(all)->share, 1);
}

TEST(ReferenceDrift, IsNotKnownOfASingleMeasurement) {
  EXPECT_FALSE(reference_drift({}).has_value());
  EXPECT_FALSE(reference_drift({measured(1, 1)}).has_value());
  EXPECT_FALSE(has_drifted({measured(1, 1)}, 0.05).has_value());
}

TEST(ReferenceDrift, IsFlaggedAboveWhatTheRulesetAllowsOnly) {
  const std::vector<ReferenceTimesRecord> measurements = {measured(1, 1), measured(1, 1.25)};
  EXPECT_EQ(has_drifted(measurements, 0.2), true);
  EXPECT_EQ(has_drifted(measurements, 0.25), false);
  EXPECT_FALSE(has_drifted(measurements, 0).has_value());  // not looked at
}

}  // namespace
}  // namespace timetrial
