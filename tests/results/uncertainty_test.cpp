#include "results/uncertainty/uncertainty.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "golden_logs.h"
#include "harness/errors/user_error.h"
#include "made_up_score.h"
#include "results/scoring/special_values.h"

namespace timetrial {
namespace {

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

TEST(Uncertainty, IsTheSameForTheSameSeedOnly) {
  const Uncertainty first = uncertainty_of(two_close_one_slow(), kTwo);
  const Uncertainty again = uncertainty_of(two_close_one_slow(), kTwo);
  const Uncertainty other = uncertainty_of(two_close_one_slow(), kTwo, 2);
  EXPECT_EQ(first.scores.at("a")->low, again.scores.at("a")->low);
  EXPECT_EQ(first.better, again.better);
  EXPECT_NE(first.scores.at("c")->low, other.scores.at("c")->low);
  EXPECT_NEAR(first.scores.at("c")->low, other.scores.at("c")->low, 0.02);
}

TEST(Uncertainty, TheOrderOfStudiesDoesNotMatter) {
  StudyTimes times = two_close_one_slow();
  const Uncertainty first = uncertainty_of(times, kTwo);
  for (auto& [submission, workloads] : times) {
    for (auto& [workload, studies] : workloads) std::reverse(studies.begin(), studies.end());
  }
  const Uncertainty again = uncertainty_of(times, kTwo);
  for (const char* submission : {"a", "b", "c"}) {
    EXPECT_NEAR(first.scores.at(submission)->low, again.scores.at(submission)->low, 1e-9);
    EXPECT_NEAR(first.time_to_target.at(submission).at("v")->high,
                again.time_to_target.at(submission).at("v")->high, 1e-6);
  }
}

TEST(Uncertainty, SlowerClocksScaleTimesAndLeaveScores) {
  StudyTimes times = two_close_one_slow();
  const Uncertainty first = uncertainty_of(times, kTwo);
  for (auto& [submission, workloads] : times) {
    for (auto& [workload, studies] : workloads) {
      for (double& time : studies) time *= 8;
    }
  }
  const Uncertainty scaled = uncertainty_of(times, kTwo);
  for (const char* submission : {"a", "b", "c"}) {
    const Interval& before = *first.time_to_target.at(submission).at("w");
    EXPECT_NEAR(scaled.time_to_target.at(submission).at("w")->low, 8 * before.low, 1e-6 * before.low);
    EXPECT_NEAR(scaled.scores.at(submission)->low, first.scores.at(submission)->low, 1e-3);
    EXPECT_NEAR(scaled.scores.at(submission)->high, first.scores.at(submission)->high, 1e-3);
  }
}

TEST(Uncertainty, MoreStudiesGiveANarrowerInterval) {
  const ProfileOptions one{.base_workloads = {"w"}};
  const auto width = [&](const std::vector<double>& studies) {
    const Interval found = *uncertainty_of({{"a", {{"w", studies}}}}, one).time_to_target.at("a").at("w");
    return std::log(found.high / found.low);
  };
  EXPECT_LT(width({95, 100, 105, 97, 103}), width({95, 100, 105}));
  EXPECT_LT(width({95, 100, 105}), width({95, 105}));
}

TEST(Uncertainty, IdenticalStudiesAreCertainUpToMisses) {
  const Uncertainty found = uncertainty_of(
      {{"a", {{"v", {100, 100}}, {"w", {50, 50}}}}, {"b", {{"v", {101, 101}}, {"w", {51, 51}}}}}, kTwo);
  EXPECT_NEAR(found.time_to_target.at("a").at("v")->low, 100, 1e-9);
  EXPECT_NEAR(found.scores.at("a")->high, 1, 1e-12);
  EXPECT_FALSE(within_noise(found, "a", "b"));
}

TEST(Uncertainty, OneStudyAnywhereGivesNoInterval) {
  const Uncertainty found = uncertainty_of({{"a", {{"v", {100}}, {"w", {50}}}}, {"b", {{"v", {90}}}}}, kTwo);
  EXPECT_FALSE(found.scores.at("a").has_value());
  EXPECT_FALSE(found.ranks.at("b").has_value());
  EXPECT_FALSE(found.time_to_target.at("a").at("v").has_value());
  EXPECT_TRUE(found.rho.empty());
  EXPECT_TRUE(within_noise(found, "a", "b"));
  ASSERT_EQ(found.notes.size(), 1U);
  EXPECT_NE(found.notes[0].find("at least two studies"), std::string::npos);
}

TEST(Uncertainty, ASingleStudyBorrowsTheSpreadOfTheOthers) {
  StudyTimes times = two_close_one_slow();
  times["a"]["v"] = {100};
  const Uncertainty found = uncertainty_of(times, kTwo);
  const Interval& single = *found.time_to_target.at("a").at("v");
  const Interval& triple = *found.time_to_target.at("b").at("v");
  EXPECT_GT(single.high / single.low, triple.high / triple.low);
  EXPECT_LT(single.high, 150);
}

TEST(Uncertainty, WhatAlwaysMissesStaysMissedAndWhatHasNoDataStaysWithout) {
  StudyTimes times = two_close_one_slow();
  times["a"]["v"] = {kInfinity, kInfinity, kInfinity};
  times["b"].erase("w");
  const Uncertainty found = uncertainty_of(times, kTwo);
  EXPECT_EQ(found.time_to_target.at("a").at("v")->low, kInfinity);
  EXPECT_EQ(found.time_to_target.at("a").at("v")->high, kInfinity);
  EXPECT_FALSE(found.time_to_target.at("b").at("w").has_value());
  EXPECT_LE(found.scores.at("a")->high, 0.5);
  EXPECT_TRUE(std::any_of(found.notes.begin(), found.notes.end(), [](const std::string& note) {
    return note.find("taken to miss always") != std::string::npos;
  }));
}

TEST(Uncertainty, MissesMakeTheUpperEndInfinite) {
  StudyTimes times = two_close_one_slow();
  times["a"]["v"] = {100, 104, kInfinity};
  times["c"]["w"] = {120, kInfinity, kInfinity};
  const Uncertainty found = uncertainty_of(times, kTwo);
  EXPECT_TRUE(std::isfinite(found.time_to_target.at("a").at("v")->low));
  EXPECT_EQ(found.time_to_target.at("a").at("v")->high, kInfinity);
  // Reported as missed, but the true time may well be finite.
  EXPECT_TRUE(std::isfinite(found.time_to_target.at("c").at("w")->low));
  EXPECT_EQ(found.time_to_target.at("c").at("w")->high, kInfinity);
}

TEST(Uncertainty, AppliesTheHeldOutRuleToEveryReplicate) {
  // b's time on the variant is close to the cut at four times a's: its base time counts only in some
  // replicates.
  const ProfileOptions options{.base_workloads = {"w"}, .held_out = {"w_tanh"}};
  const Uncertainty found = uncertainty_of({{"a", {{"w", {100, 104, 97}}, {"w_tanh", {100, 105, 96}}}},
                                            {"b", {{"w", {110, 105, 113}}, {"w_tanh", {380, 395, 402}}}}},
                                           options);
  EXPECT_EQ(found.scores.at("b")->low, 0);
  EXPECT_GT(found.scores.at("b")->high, 0.9);
}

TEST(Uncertainty, AReferenceSubmissionAndAnAutomaticGridPassThrough) {
  const ProfileOptions options{
      .base_workloads = {"v", "w"}, .tau_max = std::nullopt, .reference_submission = "a"};
  const Uncertainty found = uncertainty_of(two_close_one_slow(), options);
  EXPECT_GT(found.scores.at("a").value().low, found.scores.at("c").value().high);
  EXPECT_EQ(found.rho.at("a").size(), 100U);
}

TEST(Uncertainty, ThereIsNoScoreBesideTheSlowestReferenceOnAnAutomaticGrid) {
  // No ratio is above 1, where the grid begins: it has no width.
  const ProfileOptions options{
      .base_workloads = {"v", "w"}, .tau_max = std::nullopt, .reference_submission = "c"};
  const Uncertainty found = uncertainty_of(two_close_one_slow(), options);
  for (const std::string submission : {"a", "b", "c"}) {
    EXPECT_FALSE(found.scores.at(submission).has_value());
    EXPECT_FALSE(found.ranks.at(submission).has_value());
    EXPECT_TRUE(found.time_to_target.at(submission).at("v").has_value());
  }
}

TEST(Uncertainty, RefusesSenselessOptions) {
  const Score score = made_up_score(two_close_one_slow(), kTwo);
  EXPECT_THROW(estimate_uncertainty(score, kTwo, {.replicates = 10}), UserError);
  EXPECT_THROW(estimate_uncertainty(score, kTwo, {.level = 1}), UserError);
}

TEST(Uncertainty, OfTheRealLeaderboardTellsTheBestFromTheWorst) {
  if (!golden_logs_exist("v05_external"))
    GTEST_SKIP() << "shared/golden/scoring is not beside the repository";
  const GoldenLogs& logs = golden_logs("v05_external");
  const nlohmann::json& params = logs.expected["cases"][0]["params"];
  ScoreOptions options;
  options.profile.base_workloads = params["base_workloads"].get<std::vector<std::string>>();
  options.profile.held_out = params["held_out_workloads"].get<std::vector<std::string>>();
  options.submissions = params["submissions"].get<std::vector<std::string>>();
  const Score score = compute_score(logs.trials, options);
  const Uncertainty found = estimate_uncertainty(score, options.profile, {});
  EXPECT_FALSE(within_noise(found, "shampoo_submission", "lawa_ema"));
  EXPECT_GT(found.better.at("shampoo_submission").at("schedule_free_adamw"), 0.5);
  EXPECT_EQ(found.ranks.at("schedule_free_prodigy")->high, 11);
  EXPECT_LE(found.ranks.at("shampoo_submission")->high, 4);
}

}  // namespace
}  // namespace timetrial
