#include "tuning/study_plan.h"

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kRange = R"({"learning_rate": {"min": 1e-4, "max": 1e-2, "scaling": "log"}})";

class StudyPlan : public testing::Test {
 protected:
  Ruleset external_ = load_ruleset("algoperf-v0.6-external");
  Ruleset self_tuning_ = load_ruleset("algoperf-v0.6-self");
  Benchmark benchmark_ = load_benchmark("algoperf-v0.6");
  SearchSpace range_ = parse_search_space(kRange, "space.json");

  std::vector<StudyTrial> plan(uint64_t seed, const std::vector<std::string>& workloads = {}) const {
    return plan_study({external_, benchmark_, "", workloads, &range_, seed});
  }
};

double learning_rate(const StudyTrial& trial) {
  return std::get<double>(trial.hyperparameters.at("learning_rate"));
}

TEST_F(StudyPlan, HasEveryTrialOnceInOrder) {
  const std::vector<StudyTrial> trials = plan(1);
  ASSERT_EQ(trials.size(), 8U * 3 * 5);
  std::size_t i = 0;
  for (const std::string& workload : external_.workloads) {
    for (int64_t study = 0; study < 3; ++study) {
      for (int64_t trial = 0; trial < 5; ++trial, ++i) {
        EXPECT_EQ(trials[i].rules.full_name(), workload);
        EXPECT_EQ(trials[i].study, study);
        EXPECT_EQ(trials[i].trial, trial);
      }
    }
  }
}

TEST_F(StudyPlan, IncludesHeldOutWorkloads) {
  const Ruleset ruleset = load_ruleset("algoperf-v0.5-external");
  const Benchmark benchmark = load_benchmark("algoperf-v0.5");
  EXPECT_EQ(plan_study({ruleset, benchmark, "", {}, &range_, 1}).size(), 350U);
}

TEST_F(StudyPlan, DealsEveryHaltonPointOnceAndAlikeForEveryWorkload) {
  const std::vector<StudyTrial> trials = plan(1, {"mnist", "wmt"});
  std::set<double> drawn;
  for (const Point& point : draw_points(range_, 15))
    drawn.insert(std::get<double>(point.at("learning_rate")));
  std::set<double> dealt;
  std::set<std::string> sources;
  for (std::size_t i = 0; i < 15; ++i) {
    dealt.insert(learning_rate(trials[i]));
    sources.insert(trials[i].point_source);
    EXPECT_EQ(learning_rate(trials[i]), learning_rate(trials[i + 15]));
  }
  EXPECT_EQ(dealt, drawn);
  EXPECT_EQ(sources.size(), 15U);
  EXPECT_TRUE(sources.count("halton point 15 of 15"));
}

TEST_F(StudyPlan, TheDealDependsOnTheSeed) {
  std::set<std::vector<double>> deals;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<double> deal;
    for (const StudyTrial& trial : plan(seed, {"mnist"})) deal.push_back(learning_rate(trial));
    deals.insert(deal);
  }
  EXPECT_EQ(deals.size(), 20U);
}

TEST_F(StudyPlan, TheSameRequestGivesTheSamePlan) {
  const std::vector<StudyTrial> first = plan(7);
  const std::vector<StudyTrial> second = plan(7);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].seed, second[i].seed);
    EXPECT_EQ(first[i].hyperparameters, second[i].hyperparameters);
  }
}

TEST_F(StudyPlan, AllSeedsDiffer) {
  std::set<uint64_t> seeds;
  std::size_t count = 0;
  for (const uint64_t plan_seed : {0ULL, 1ULL, 2ULL, ~0ULL}) {
    for (const StudyTrial& trial : plan(plan_seed)) {
      seeds.insert(trial.seed);
      ++count;
      EXPECT_LT(trial.seed, uint64_t{1} << 53);
    }
  }
  EXPECT_EQ(seeds.size(), count);
}

TEST_F(StudyPlan, SeedsDoNotDependOnTheSubmissionNorOnTheOtherWorkloads) {
  const SearchSpace list =
      parse_search_space(R"([{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}, {"a": 5}])", "list.json");
  const std::vector<StudyTrial> one = plan(3);
  const std::vector<StudyTrial> other = plan_study({external_, benchmark_, "", {}, &list, 3});
  ASSERT_EQ(one.size(), other.size());
  std::map<std::string, std::vector<uint64_t>> seeds;
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].seed, other[i].seed);
    seeds[one[i].rules.full_name()].push_back(one[i].seed);
  }
  std::vector<uint64_t> alone;
  for (const StudyTrial& trial : plan(3, {"ogbg"})) alone.push_back(trial.seed);
  EXPECT_EQ(alone, seeds.at("ogbg"));
}

TEST_F(StudyPlan, AListGivesEveryStudyTheSameEntries) {
  const SearchSpace list =
      parse_search_space(R"([{"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}, {"a": 5}, {"a": 6}])", "list.json");
  for (const StudyTrial& trial : plan_study({external_, benchmark_, "", {"mnist"}, &list, 3})) {
    EXPECT_EQ(std::get<double>(trial.hyperparameters.at("a")), static_cast<double>(trial.trial + 1));
    EXPECT_EQ(trial.point_source, "list entry " + std::to_string(trial.trial + 1) + " of 6");
  }
}

TEST_F(StudyPlan, AListShorterThanTheTrialsPerStudyIsRefused) {
  const SearchSpace list = parse_search_space(R"([{"a": 1}, {"a": 2}])", "list.json");
  EXPECT_THROW(plan_study({external_, benchmark_, "", {}, &list, 3}), UserError);
}

TEST_F(StudyPlan, SelfTuningTakesNoSpaceAndGetsALongerBudget) {
  EXPECT_THROW(plan_study({self_tuning_, benchmark_, "", {}, &range_, 3}), UserError);
  const std::vector<StudyTrial> trials =
      plan_study({self_tuning_, benchmark_, "", {"criteo1tb"}, nullptr, 3});
  ASSERT_EQ(trials.size(), 3U);
  EXPECT_TRUE(trials[0].hyperparameters.empty());
  EXPECT_EQ(trials[0].point_source, "self-tuning");
  EXPECT_DOUBLE_EQ(trials[0].rules.budget_seconds, 1.5 * 7703);
}

TEST_F(StudyPlan, ExternalTuningNeedsASpace) {
  EXPECT_THROW(plan_study({external_, benchmark_, "", {}, nullptr, 3}), UserError);
}

TEST_F(StudyPlan, WorkloadsAndClassesThatDoNotExistAreRefused) {
  EXPECT_THROW(plan(1, {"mnits"}), UserError);
  EXPECT_THROW(plan(1, {"mnist", "mnist"}), UserError);
  EXPECT_THROW(plan_study({external_, benchmark_, "abacus", {}, &range_, 3}), UserError);
}

}  // namespace
}  // namespace timetrial
