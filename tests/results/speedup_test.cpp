#include "results/scoring/speedup.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "made_up_trials.h"

namespace timetrial {
namespace {

// Budget 20 s each. fast: 2 s and 3 s; slow: 4 s and a miss; half: 8 s and no trial.
Score score() {
  return compute_score(
      {made_up_trial({"fast", "mnist"}, {{2, 0.95}}), made_up_trial({"fast", "ogbg"}, {{3, 0.95}}),
       made_up_trial({"slow", "mnist"}, {{4, 0.95}}), made_up_trial({"slow", "ogbg"}, {{4, 0.1}}),
       made_up_trial({"half", "mnist"}, {{8, 0.95}})},
      {});
}

TEST(Speedup, IsTheTimeOfTheReferenceOverOnesOwn) {
  const auto speedups = speedups_over("slow", score());
  EXPECT_DOUBLE_EQ(*speedups.at("fast").by_workload.at("mnist"), 2);
  EXPECT_DOUBLE_EQ(*speedups.at("fast").by_workload.at("ogbg"), 7);  // (20 + 1) / 3
  EXPECT_DOUBLE_EQ(*speedups.at("fast").geometric_mean, std::sqrt(14));
  EXPECT_DOUBLE_EQ(*speedups.at("slow").geometric_mean, 1);
}

TEST(Speedup, IsTheReciprocalTheOtherWayRound) {
  EXPECT_DOUBLE_EQ(*speedups_over("fast", score()).at("slow").geometric_mean, 1 / std::sqrt(14));
}

TEST(Speedup, WithoutDataThereIsNoMean) {
  const auto speedups = speedups_over("fast", score());
  EXPECT_DOUBLE_EQ(*speedups.at("half").by_workload.at("mnist"), 0.25);
  EXPECT_FALSE(speedups.at("half").by_workload.at("ogbg").has_value());
  EXPECT_FALSE(speedups.at("half").geometric_mean.has_value());
}

TEST(Speedup, AnUnknownReferenceIsNamed) {
  EXPECT_THROW(speedups_over("absent", score()), UserError);
}

}  // namespace
}  // namespace timetrial
