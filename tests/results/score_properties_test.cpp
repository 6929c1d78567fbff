// What must hold of any score, on thousands of random tables.

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "results/scoring/performance_profile.h"
#include "results/scoring/special_values.h"

namespace timetrial {
namespace {

const std::vector<std::string> kBase = {"fastmri", "ogbg", "wmt"};
const std::vector<std::string> kHeldOut = {"fastmri_tanh", "wmt_glu"};

class RandomTables : public testing::TestWithParam<unsigned> {
 protected:
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  // One in six missed, one in ten without data, the others within a factor of about 6.
  std::optional<double> time() {
    if (uniform() < 0.1) return std::nullopt;
    return uniform() < 1.0 / 6 ? kInfinity : std::exp(1.8 * uniform());
  }

  TimeTable table(int submissions) {
    TimeTable times;
    for (int i = 0; i < submissions; ++i) times["s" + std::to_string(i)] = row();
    return times;
  }

  std::map<std::string, std::optional<double>> row() {
    std::map<std::string, std::optional<double>> times;
    for (const auto* list : {&kBase, &kHeldOut}) {
      for (const std::string& workload : *list) times[workload] = time();
    }
    return times;
  }

  ProfileOptions options() {
    ProfileOptions options;
    options.base_workloads = kBase;
    if (uniform() < 0.5) options.held_out = kHeldOut;
    options.log_tau = uniform() < 0.3;
    options.tau_points = 50;
    return options;
  }

  std::mt19937 random_{GetParam()};
};

TEST_P(RandomTables, ScoresLieBetween0And1AndProfilesRise) {
  for (int round = 0; round < 300; ++round) {
    const PerformanceProfile profile = compute_profile(table(4), options());
    for (const auto& [submission, score] : profile.scores) {
      ASSERT_TRUE(score.has_value());
      EXPECT_GE(*score, 0);
      EXPECT_LE(*score, 1);
      const std::vector<double>& rho = profile.rho.at(submission);
      EXPECT_TRUE(std::is_sorted(rho.begin(), rho.end()));
      EXPECT_GE(rho.front(), 0);
      EXPECT_LE(rho.back(), 1);
    }
  }
}

// Without held-out workloads. With them it can: a newcomer that is very fast on a held-out workload may push
// the leader beyond the cut there, which voids the leader's time on the base workload (rules.md §8).
TEST_P(RandomTables, AnotherSubmissionNeverRaisesAScore) {
  for (int round = 0; round < 300; ++round) {
    TimeTable times = table(4);
    ProfileOptions chosen = options();
    chosen.held_out.clear();
    const PerformanceProfile before = compute_profile(times, chosen);
    times["new"] = row();
    const PerformanceProfile after = compute_profile(times, chosen);
    for (const auto& [submission, score] : before.scores)
      EXPECT_LE(*after.scores.at(submission), *score + 1e-12);
  }
}

TEST_P(RandomTables, ASubmissionThatIsSlowerEverywhereChangesNoScore) {
  for (int round = 0; round < 300; ++round) {
    TimeTable times = table(4);
    const ProfileOptions chosen = options();
    const PerformanceProfile before = compute_profile(times, chosen);
    // 1.5 times as slow as the first submission, wherever that has a time.
    for (const auto& [workload, time] : times.at("s0")) {
      times["slow"][workload] = time ? std::optional<double>(1.5 * *time) : std::nullopt;
    }
    const PerformanceProfile after = compute_profile(times, chosen);
    for (const auto& [submission, score] : before.scores) {
      EXPECT_NEAR(*after.scores.at(submission), *score, 1e-12) << submission;
    }
  }
}

// A power of two, so that no rounding hides in it.
TEST_P(RandomTables, ScalingTheTimesOfAWorkloadChangesNothing) {
  for (int round = 0; round < 300; ++round) {
    TimeTable times = table(4);
    const ProfileOptions chosen = options();
    const PerformanceProfile before = compute_profile(times, chosen);
    for (auto& [submission, of_submission] : times) {
      for (const char* workload : {"fastmri", "ogbg_none", "wmt_glu"}) {
        const auto found = of_submission.find(workload);
        if (found != of_submission.end() && found->second) *found->second *= 1024;
      }
    }
    EXPECT_EQ(compute_profile(times, chosen).rho, before.rho);
  }
}

TEST_P(RandomTables, BeingFasterNeverCosts) {
  for (int round = 0; round < 300; ++round) {
    TimeTable times = table(4);
    const ProfileOptions chosen = options();
    const double before = *compute_profile(times, chosen).scores.at("s1");
    for (auto& [workload, time] : times.at("s1")) {
      if (time && std::isfinite(*time)) *time *= 0.5 + 0.5 * uniform();
    }
    EXPECT_GE(*compute_profile(times, chosen).scores.at("s1"), before - 1e-12);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomTables, testing::Values(1U, 2U, 3U));

}  // namespace
}  // namespace timetrial
