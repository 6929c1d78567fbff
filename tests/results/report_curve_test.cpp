#include "results/report/report_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "made_up_trials.h"

namespace timetrial {
namespace {

bool holds(const std::vector<std::size_t>& drawn, std::size_t evaluation) {
  return std::find(drawn.begin(), drawn.end(), evaluation) != drawn.end();
}

// `count` evaluations of accuracy 0.5.
TrialResult long_trial(std::size_t count) {
  std::vector<std::pair<double, double>> curve;
  for (std::size_t i = 0; i < count; ++i) curve.emplace_back(static_cast<double>(i), 0.5);
  return made_up_trial({}, curve);
}

TEST(ReportCurve, ShortOnesAreDrawnWhole) {
  EXPECT_EQ(drawn_evaluations(long_trial(4), 4), (std::vector<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(drawn_evaluations(long_trial(1), 4), (std::vector<std::size_t>{0}));
  EXPECT_TRUE(drawn_evaluations(long_trial(0), 4).empty());
}

TEST(ReportCurve, LongOnesKeepTheEndsTheBestAndTheFirstHit) {
  TrialResult trial = long_trial(1000);
  trial.evaluations[333].metrics["validation/accuracy"] = 0.9;   // the target
  trial.evaluations[777].metrics["validation/accuracy"] = 0.95;  // the best
  const std::vector<std::size_t> drawn = drawn_evaluations(trial, 100);
  EXPECT_GE(drawn.size(), 100U);
  EXPECT_LE(drawn.size(), 102U);
  EXPECT_TRUE(std::is_sorted(drawn.begin(), drawn.end()));
  for (const std::size_t kept : {0U, 333U, 777U, 999U}) EXPECT_TRUE(holds(drawn, kept)) << kept;
}

TEST(ReportCurve, TheBestOfALossIsTheSmallest) {
  TrialResult trial = long_trial(1000);
  trial.spec.target = {"accuracy", MetricGoal::minimize, 0.01, 0.01};
  trial.evaluations[501].metrics["validation/accuracy"] = 0.2;
  trial.evaluations[502].metrics["validation/accuracy"] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(holds(drawn_evaluations(trial, 10), 501));
}

TEST(ReportCurve, RoundsToSixDigits) {
  EXPECT_EQ(rounded_for_drawing(12345.678), 12345.7);
  EXPECT_EQ(rounded_for_drawing(1.2345678e-9), 1.23457e-9);
  EXPECT_TRUE(std::isnan(rounded_for_drawing(std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace
}  // namespace timetrial
