#include "results/uncertainty.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include <gtest/gtest.h>

#include "golden_logs.h"
#include "harness/errors/user_error.h"
#include "made_up_score.h"

namespace timetrial {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Uncertainty uncertainty_of(const StudyTimes& times, const ProfileOptions& options, uint64_t seed = 1) {
  return estimate_uncertainty(made_up_score(times, options), options, {.seed = seed});
}

const ProfileOptions kTwo{.base_workloads = {"v", "w"}};

StudyTimes two_close_one_slow() {
  return {{"a", {{"v", {100, 104, 98}}, {"w", {50, 51, 53}}}},
          {"b", {{"v", {101, 99, 105}}, {"w", {52, 50, 51.5}}}},
          {"c", {{"v", {250, 260, 240}}, {"w", {120, 130, 124}}}}};
}

TEST(Uncertainty, IntervalsContainWhatIsReported) {
  const Score score = made_up_score(two_close_one_slow(), kTwo);
  const Uncertainty found = estimate_uncertainty(score, kTwo, {});
  for (const std::string& submission : score.submissions) {
    for (const std::string& workload : score.workloads) {
      const Interval& interval = *found.time_to_target.at(submission).at(workload);
      const double time = *score.time_to_target.at(submission).at(workload);
      EXPECT_LT(interval.low, time);
      EXPECT_GT(interval.high, time);
    }
    EXPECT_LE(found.scores.at(submission)->low, *score.profile.scores.at(submission));
    EXPECT_GE(found.scores.at(submission)->high, *score.profile.scores.at(submission));
    ASSERT_EQ(found.rho.at(submission).size(), score.profile.tau.size());
    for (std::size_t i = 0; i < score.profile.tau.size(); ++i) {
      EXPECT_LE(found.rho.at(submission)[i].low, score.profile.rho.at(submission)[i]);
      EXPECT_GE(found.rho.at(submission)[i].high, score.profile.rho.at(submission)[i]);
    }
  }
}

TEST(Uncertainty, TellsTheSlowOneFromTheCloseOnes) {
  const Uncertainty found = uncertainty_of(two_close_one_slow(), kTwo);
  EXPECT_TRUE(within_noise(found, "a", "b"));
  EXPECT_TRUE(within_noise(found, "b", "a"));
  EXPECT_FALSE(within_noise(found, "a", "c"));
  EXPECT_FALSE(within_noise(found, "c", "b"));
  EXPECT_GT(found.better.at("a").at("c"), 0.99);
  EXPECT_DOUBLE_EQ(found.better.at("a").at("b") + found.better.at("b").at("a"), 1);
  EXPECT_EQ(found.ranks.at("c")->low, 3);
  EXPECT_EQ(found.ranks.at("c")->high, 3);
  EXPECT_EQ(found.ranks.at("a")->low, 1);
  EXPECT_EQ(found.ranks.at("a")->high, 2);
}

}  // namespace
}  // namespace timetrial
