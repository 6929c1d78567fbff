// The intervals keep their promise on leaderboards with known truth. Fixed seeds: a failure is a change of
// the method, not bad luck. `simulate_coverage` prints more scenarios and any seed.

#include <cmath>
#include <ostream>

#include <gtest/gtest.h>

#include "coverage_scenarios.h"
#include "coverage_simulation.h"

namespace timetrial {

// GoogleTest and CTest show the scenario by its name instead of its bytes.
static void PrintTo(const Scenario& scenario, std::ostream* out) {
  *out << scenario.name;
}

namespace {

constexpr int64_t kLeaderboards = 250;
constexpr int64_t kReplicates = 400;

class Coverage95 : public testing::TestWithParam<Scenario> {};

TEST_P(Coverage95, OfTimesAndScoresIsThatOfTheLevel) {
  const Coverage found = simulate_coverage(GetParam(), pooled_method(kReplicates), kLeaderboards, 1);
  EXPECT_GE(found.times.value(), 0.93);
  EXPECT_LE(found.times.value(), 0.97);
  EXPECT_GE(found.scores.value(), 0.93);
  EXPECT_LE(found.scores.value(), 0.97);
  // A rank is a whole number: its interval covers more.
  EXPECT_GE(found.ranks.value(), 0.95);
  // 250 pairs: two standard errors of chance on top of 5 %.
  EXPECT_LE(found.false_differences.value(), 0.05 + 2 * std::sqrt(0.05 * 0.95 / kLeaderboards));
}

INSTANTIATE_TEST_SUITE_P(Main, Coverage95, testing::ValuesIn(main_scenarios()),
                         [](const auto& test) { return "Scenario" + std::to_string(test.index); });

TEST(IdenticalSubmissions, AreCalledDifferentInAtMostFivePercent) {
  HitCount differences;
  for (const std::vector<Scenario>& scenarios : {main_scenarios(), hard_scenarios()}) {
    for (const Scenario& scenario : scenarios) {
      const Coverage found = simulate_coverage(scenario, pooled_method(kReplicates), 40, 2);
      differences.hits += found.false_differences.hits;
      differences.cases += found.false_differences.cases;
    }
  }
  EXPECT_GE(differences.cases, 800);
  EXPECT_LE(differences.value(), 0.05);
  EXPECT_GE(differences.value(), 0.005) << "nothing is ever told apart";
}

TEST(DifferentSubmissions, AreToldApart) {
  // Half as fast on every workload.
  HitCount told;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SyntheticLeaderboard board =
        synthetic_leaderboard({.name = "", .submissions = 2, .workloads = 4, .studies = 3}, seed);
    StudyTimes times;
    for (const auto& [submission, workloads] : board.score.studies) {
      for (const auto& [workload, studies] : workloads) {
        for (const StudyTime& study : studies) {
          times[submission][workload].push_back(submission == board.twin ? 2 * study.time : study.time);
        }
      }
    }
    const Score score = made_up_score(times, board.profile);
    told.add(!within_noise(estimate_uncertainty(score, board.profile, {.replicates = kReplicates}),
                           board.twin, board.other_twin));
  }
  EXPECT_GE(told.value(), 0.9);
}

}  // namespace
}  // namespace timetrial
