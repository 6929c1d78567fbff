#include "results/scoring/performance_profile.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "results/scoring/special_values.h"

namespace timetrial {
namespace {

constexpr std::optional<double> kNoData = std::nullopt;

// The score of one workload with ratio r on the official grid (100 points on [1, 4]): a ramp over half a cell
// before the first grid point at or above r, then 1.
double official_contribution(double ratio) {
  if (ratio > 4) return 0;
  const double cells = std::ceil((ratio - 1) * 33 - 1e-12);
  return cells == 0 ? 1 : (99 - cells + 0.5) / 99;
}

TEST(PerformanceProfile, OneWorkloadMatchesTheClosedForm) {
  const PerformanceProfile profile = compute_profile(
      {{"a", {{"w", 10.0}}}, {"b", {{"w", 15.0}}}, {"c", {{"w", 40.0}}}}, {.base_workloads = {"w"}});
  EXPECT_DOUBLE_EQ(*profile.scores.at("a"), 1);
  EXPECT_NEAR(*profile.scores.at("b"), official_contribution(1.5), 1e-12);
  EXPECT_NEAR(*profile.scores.at("c"), 0.5 / 99, 1e-12);  // r = 4 exactly
  EXPECT_EQ(profile.tau.size(), 100U);
  EXPECT_EQ(profile.tau.front(), 1);
  EXPECT_EQ(profile.tau.back(), 4);
}

TEST(PerformanceProfile, TheCutIsStrictlyAboveFourTimes) {
  const PerformanceProfile profile =
      compute_profile({{"a", {{"w", 10.0}}}, {"b", {{"w", 40.0}}}, {"c", {{"w", std::nextafter(40.0, 41)}}}},
                      {.base_workloads = {"w"}});
  EXPECT_EQ(profile.qualified.at("b").at("w"), 40.0);
  EXPECT_EQ(profile.qualified.at("c").at("w"), kInfinity);
}

TEST(PerformanceProfile, TheDenominatorCountsWorkloadsNobodySolved) {
  const PerformanceProfile profile =
      compute_profile({{"a", {{"v", 10.0}, {"w", kInfinity}}}}, {.base_workloads = {"v", "w"}});
  EXPECT_DOUBLE_EQ(*profile.scores.at("a"), 0.5);
  EXPECT_EQ(profile.ratios.at("a").at("w"), kInfinity);
}

TEST(PerformanceProfile, NoDataCountsAsUnsolvedButStaysNoData) {
  const PerformanceProfile profile =
      compute_profile({{"a", {{"w", kNoData}}}, {"b", {}}, {"c", {{"w", 5.0}}}}, {.base_workloads = {"w"}});
  EXPECT_DOUBLE_EQ(*profile.scores.at("a"), 0);
  EXPECT_FALSE(profile.qualified.at("a").at("w").has_value());
  EXPECT_DOUBLE_EQ(*profile.scores.at("b"), 0);
  EXPECT_DOUBLE_EQ(*profile.scores.at("c"), 1);
}

TEST(HeldOutRule, AMissedVariantVoidsTheBase) {
  const ProfileOptions options{.base_workloads = {"w"}, .held_out = {"w_tanh"}};
  for (const std::optional<double> missed : {std::optional<double>(kInfinity), kNoData}) {
    const PerformanceProfile profile = compute_profile(
        {{"a", {{"w", 10.0}, {"w_tanh", missed}}}, {"b", {{"w", 30.0}, {"w_tanh", 5.0}}}}, options);
    EXPECT_EQ(profile.qualified.at("a").at("w"), kInfinity);
    // The best time is taken after the rule: b is now the fastest.
    EXPECT_EQ(profile.ratios.at("b").at("w"), 1);
    EXPECT_EQ(profile.qualified.at("a").count("w_tanh"), 0U);
  }
}

TEST(HeldOutRule, AVariantOfAMissedBaseSetsNoBestTime) {
  // a never reached w, so its 1 s on the variant must not cut b's 10 s.
  const PerformanceProfile profile =
      compute_profile({{"a", {{"w", kInfinity}, {"w_tanh", 1.0}}}, {"b", {{"w", 30.0}, {"w_tanh", 10.0}}}},
                      {.base_workloads = {"w"}, .held_out = {"w_tanh"}});
  EXPECT_EQ(profile.qualified.at("b").at("w"), 30.0);
}

TEST(HeldOutRule, AVariantBeyondTheCutVoidsTheBase) {
  const PerformanceProfile profile =
      compute_profile({{"a", {{"w", 30.0}, {"w_tanh", 1.0}}}, {"b", {{"w", 10.0}, {"w_tanh", 4.5}}}},
                      {.base_workloads = {"w"}, .held_out = {"w_tanh"}});
  EXPECT_EQ(profile.qualified.at("b").at("w"), kInfinity);
  EXPECT_EQ(profile.ratios.at("a").at("w"), 1);
}

TEST(HeldOutRule, TheCutUsesBaseTimesOfSubmissionsVoidedLater) {
  // b is voided by its variant, but its 10 s have cut a's 41 s before.
  const PerformanceProfile profile =
      compute_profile({{"a", {{"w", 41.0}, {"w_tanh", 1.0}}}, {"b", {{"w", 10.0}, {"w_tanh", kInfinity}}}},
                      {.base_workloads = {"w"}, .held_out = {"w_tanh"}});
  EXPECT_EQ(profile.qualified.at("a").at("w"), kInfinity);
}

TEST(HeldOutRule, TheBaseIsTheLongestNameThatFits) {
  EXPECT_EQ(base_of("imagenet_resnet_silu", {"imagenet", "imagenet_resnet", "imagenet_vit"}),
            "imagenet_resnet");
  EXPECT_THROW(base_of("ogbg_gelu", {"wmt"}), UserError);
  EXPECT_THROW(base_of("wmt", {"wmt"}), UserError);
}

TEST(PerformanceProfile, AReferenceSubmissionReplacesTheBest) {
  const TimeTable times = {{"a", {{"w", 10.0}}}, {"b", {{"w", 20.0}}}};
  const PerformanceProfile profile =
      compute_profile(times, {.base_workloads = {"w"}, .reference_submission = "b"});
  EXPECT_EQ(profile.ratios.at("a").at("w"), 0.5);
  EXPECT_EQ(profile.ratios.at("b").at("w"), 1);
  EXPECT_THROW(compute_profile(times, {.base_workloads = {"w"}, .reference_submission = "c"}), UserError);
}

TEST(PerformanceProfile, AutomaticTauEndsAtTheLargestRatio) {
  const PerformanceProfile profile = compute_profile({{"a", {{"w", 10.0}}}, {"b", {{"w", 25.0}}}},
                                                     {.base_workloads = {"w"}, .tau_max = std::nullopt});
  EXPECT_DOUBLE_EQ(profile.tau.back(), 2.5);
}

TEST(PerformanceProfile, AutomaticTauOfASingleSubmissionGivesNoScore) {
  const PerformanceProfile profile =
      compute_profile({{"a", {{"w", 10.0}}}}, {.base_workloads = {"w"}, .tau_max = std::nullopt});
  EXPECT_FALSE(profile.scores.at("a").has_value());
}

}  // namespace
}  // namespace timetrial
