#include "timetrial/learning_rate_schedule.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace timetrial {
namespace {

TEST(WarmupCosine, MatchesRatesRecordedFromTheReference) {
  const std::filesystem::path file = TIMETRIAL_SOURCE_DIR "/../shared/golden/parity/optimizers_shared.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "golden data not here: " << file;
  const auto golden = nlohmann::json::parse(std::ifstream(file));
  const auto& run = golden["runs"]["adamw_warmup_cosine"]["quad_float64"];
  const auto rates = run["lr_used_at_steps_1..50"].get<std::vector<double>>();
  ASSERT_EQ(rates.size(), 50U);

  const WarmupCosine schedule = WarmupCosine::over(50, 0.01, 0.1);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    EXPECT_NEAR(schedule.at(static_cast<int64_t>(i)), rates[i], 1e-12 * 0.01) << "step " << i;
  }
}

TEST(WarmupCosine, PeaksAfterWarmupAndEndsAtZero) {
  const WarmupCosine schedule = WarmupCosine::over(100, 2.0, 0.2);
  EXPECT_EQ(schedule.warmup_steps, 20);
  EXPECT_DOUBLE_EQ(schedule.at(0), 2e-10);
  EXPECT_NEAR(schedule.at(10), 1.0, 1e-9);
  EXPECT_DOUBLE_EQ(schedule.at(20), 2.0);
  EXPECT_DOUBLE_EQ(schedule.at(60), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(100), 0.0);
}

TEST(WarmupCosine, StaysAtZeroBeyondItsEndUnlessToldToRiseAgain) {
  WarmupCosine schedule = WarmupCosine::over(100, 2.0, 0.2);
  EXPECT_DOUBLE_EQ(schedule.at(140), 0.0);
  EXPECT_DOUBLE_EQ(schedule.at(180), 0.0);
  schedule.after = AfterCosine::rise_again;
  EXPECT_DOUBLE_EQ(schedule.at(140), 1.0);
  EXPECT_DOUBLE_EQ(schedule.at(180), 2.0);
}

TEST(WarmupCosine, WarmupLengthIsTruncatedAsInTheReference) {
  EXPECT_EQ(WarmupCosine::over(10667, 1.0, 0.05).warmup_steps, 533);
  EXPECT_EQ(WarmupCosine::over(50, 1.0, 0.1).warmup_steps, 5);
}

TEST(WarmupCosine, DegenerateLengthsDoNotDivideByZero) {
  EXPECT_DOUBLE_EQ(WarmupCosine::over(0, 1.0, 0.5).at(0), 1.0);
  EXPECT_DOUBLE_EQ(WarmupCosine::over(10, 1.0, 1.0).at(10), 1.0);
  EXPECT_DOUBLE_EQ(WarmupCosine::over(10, 1.0, 0.0).at(0), 1.0);
}

TEST(WarmupCosine, FactorOutsideZeroToOneIsRefused) {
  for (const double factor : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    try {
      WarmupCosine::over(100, 1.0, factor);
      ADD_FAILURE() << factor << " was accepted";
    } catch (const std::exception& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("warmup_factor is not between 0 and 1"));
    }
  }
}

TEST(WarmupLinearDecay, FollowsItsFourCorners) {
  // 5 steps up, int(95 * 0.9) = 85 steps down to a tenth, level from step 90 on.
  const WarmupLinearDecay schedule = WarmupLinearDecay::over(100, 2.0, 0.05, 0.9, 0.1);
  EXPECT_EQ(schedule.warmup_steps, 5);
  EXPECT_EQ(schedule.decay_steps, 85);
  EXPECT_DOUBLE_EQ(schedule.at(0), 0.0);
  EXPECT_DOUBLE_EQ(schedule.at(1), 0.4);
  EXPECT_DOUBLE_EQ(schedule.at(5), 2.0);
  EXPECT_DOUBLE_EQ(schedule.at(5 + 17), 2.0 * (1 - 0.9 * 0.2));
  EXPECT_DOUBLE_EQ(schedule.at(90), 0.2);
  EXPECT_DOUBLE_EQ(schedule.at(1000), 0.2);
}

TEST(WarmupLinearDecay, FactorsOutsideZeroToOneAreRefusedByName) {
  auto message = [](double decay_steps_factor, double end_factor) -> std::string {
    try {
      WarmupLinearDecay::over(100, 1.0, 0.05, decay_steps_factor, end_factor);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message(1.5, 0.1), testing::HasSubstr("decay_steps_factor"));
  EXPECT_THAT(message(0.9, -1), testing::HasSubstr("end_factor"));
}

}  // namespace
}  // namespace timetrial
