#include "results/scoring/tuning_sensitivity.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <gtest/gtest.h>

#include "results/scoring/special_values.h"

namespace timetrial {
namespace {

// The fastest of every set of k trials.
std::vector<double> best_of_every_draw(const std::vector<double>& times, int k) {
  std::vector<double> best;
  for (uint32_t chosen = 0; chosen < (1U << times.size()); ++chosen) {
    if (std::popcount(chosen) != k) continue;
    double fastest = kInfinity;
    for (std::size_t i = 0; i < times.size(); ++i) {
      if ((chosen >> i & 1U) != 0) fastest = std::min(fastest, times[i]);
    }
    best.push_back(fastest);
  }
  return best;
}

TEST(TuningSensitivity, ShowsBestMedianAndWorstTrialOfEachStudy) {
  const TuningSensitivity found =
      tuning_sensitivity({{0, {30, 10, 20}}, {1, {kInfinity, 40}}, {3, {kInfinity}}, {4, {}}});
  ASSERT_EQ(found.studies.size(), 3U);
  EXPECT_EQ(found.studies[0].study, 0);
  EXPECT_EQ(found.studies[0].trials, 3);
  EXPECT_EQ(found.studies[0].hits, 3);
  EXPECT_EQ(found.studies[0].best, 10);
  EXPECT_EQ(found.studies[0].median, 20);
  EXPECT_EQ(found.studies[0].worst, 30);
  EXPECT_EQ(found.studies[1].hits, 1);
  EXPECT_EQ(found.studies[1].best, 40);
  EXPECT_EQ(found.studies[1].median, kInfinity);
  EXPECT_EQ(found.studies[2].study, 3);
  EXPECT_EQ(found.studies[2].hits, 0);
  EXPECT_EQ(found.studies[2].best, kInfinity);
}

TEST(TuningSensitivity, ByHandForThreeTrials) {
  const TuningSensitivity found = tuning_sensitivity({{0, {10, 40, 20}}});
  ASSERT_EQ(found.after_trials.size(), 3U);
  EXPECT_NEAR(*found.after_trials[0].expected, 70.0 / 3, 1e-12);
  EXPECT_EQ(found.after_trials[0].median, 20);
  EXPECT_NEAR(*found.after_trials[1].expected, (10 + 10 + 20) / 3.0, 1e-12);  // {10,20} {10,40} {20,40}
  EXPECT_EQ(found.after_trials[1].median, 10);
  EXPECT_EQ(*found.after_trials[2].expected, 10);
  for (const AfterTrials& after : found.after_trials) EXPECT_NEAR(after.chance, 1, 1e-12);
}

TEST(TuningSensitivity, AMissCountsInTheChanceAndTheMedianButNotInTheMean) {
  const TuningSensitivity found = tuning_sensitivity({{0, {10, kInfinity, kInfinity}}});
  EXPECT_NEAR(found.after_trials[0].chance, 1.0 / 3, 1e-12);
  EXPECT_NEAR(*found.after_trials[0].expected, 10, 1e-12);
  EXPECT_EQ(found.after_trials[0].median, kInfinity);
  EXPECT_NEAR(found.after_trials[1].chance, 2.0 / 3, 1e-12);
  EXPECT_EQ(found.after_trials[1].median, 10);
}

TEST(TuningSensitivity, NoTrialThatReachesTheTargetHasNoExpectedTime) {
  const TuningSensitivity found = tuning_sensitivity({{0, {kInfinity, kInfinity}}});
  ASSERT_EQ(found.after_trials.size(), 2U);
  EXPECT_EQ(found.after_trials[1].chance, 0);
  EXPECT_FALSE(found.after_trials[1].expected.has_value());
  EXPECT_EQ(found.after_trials[1].median, kInfinity);
  EXPECT_TRUE(tuning_sensitivity({}).after_trials.empty());
}

TEST(TuningSensitivity, AgreesWithEveryDrawOfKTrialsOfAllStudies) {
  const std::vector<double> all = {5, 5, 7, 8, 11, 13, 17, kInfinity, kInfinity, kInfinity};
  const TuningSensitivity found =
      tuning_sensitivity({{0, {13, kInfinity, 5, 8}}, {1, {kInfinity, 17}}, {2, {7, 11, kInfinity, 5}}});
  ASSERT_EQ(found.after_trials.size(), 4U);
  for (int k = 1; k <= 4; ++k) {
    SCOPED_TRACE(k);
    const std::vector<double> best = best_of_every_draw(all, k);
    double hits = 0;
    double sum = 0;
    for (const double time : best) {
      if (std::isinf(time)) continue;
      ++hits;
      sum += time;
    }
    const AfterTrials& after = found.after_trials[static_cast<std::size_t>(k - 1)];
    EXPECT_EQ(after.k, k);
    EXPECT_NEAR(after.chance, hits / static_cast<double>(best.size()), 1e-12);
    EXPECT_NEAR(*after.expected, sum / hits, 1e-12);
    EXPECT_EQ(after.median, median_of(best));
  }
}

}  // namespace
}  // namespace timetrial
