#include "results/report/report_verdict.h"

#include <gtest/gtest.h>

#include "made_up_trials.h"

namespace timetrial {
namespace {

Score made_up_score(const std::map<std::string, double>& values) {
  Score score;
  for (const auto& [name, value] : values) {
    score.submissions.push_back(name);
    score.profile.scores[name] = value;
  }
  return score;
}

void set_chance(Uncertainty& uncertainty, const std::string& a, const std::string& b, double chance) {
  uncertainty.better[a][b] = chance;
  uncertainty.better[b][a] = 1 - chance;
}

TEST(ReportVerdict, NamesLeadIntervalAndChance) {
  const Score score = made_up_score({{"x", 0.78}, {"y", 0.7}, {"z", 0.69}});
  Uncertainty uncertainty;
  uncertainty.scores["x"] = Interval{0.71, 0.83};
  set_chance(uncertainty, "x", "y", 0.98);
  set_chance(uncertainty, "x", "z", 0.999);
  set_chance(uncertainty, "y", "z", 0.6);
  EXPECT_EQ(report_verdict(score, uncertainty),
            "x leads with 0.78 [0.71, 0.83] and beats y, the next, with probability 0.98. "
            "y and z cannot be told apart.");
}

TEST(ReportVerdict, ALeadWithinNoiseIsNoVictory) {
  const Score score = made_up_score({{"x", 0.78}, {"y", 0.77}});
  Uncertainty uncertainty;
  set_chance(uncertainty, "x", "y", 0.6);
  EXPECT_EQ(report_verdict(score, uncertainty),
            "x has the highest score, 0.78, but its lead over y is within noise (probability 0.60).");
}

TEST(ReportVerdict, NamesAllThatTheLeaderMayNotBeat) {
  const Score score = made_up_score({{"x", 0.78}, {"y", 0.77}, {"z", 0.76}});
  Uncertainty uncertainty;
  set_chance(uncertainty, "x", "y", 0.6);
  set_chance(uncertainty, "x", "z", 0.7);
  set_chance(uncertainty, "y", "z", 0.99);
  EXPECT_EQ(report_verdict(score, uncertainty),
            "x has the highest score, 0.78, but its lead over y is within noise (probability 0.60). "
            "z cannot be told apart from it either.");
}

TEST(ReportVerdict, NearCertaintyIsNotRoundedToCertainty) {
  const Score score = made_up_score({{"x", 0.78}, {"y", 0.1}});
  Uncertainty uncertainty;
  set_chance(uncertainty, "x", "y", 0.9999);
  EXPECT_EQ(report_verdict(score, uncertainty),
            "x leads with 0.78 and beats y, the next, with probability above 0.99.");
}

TEST(ReportVerdict, ManyNoisyPairsAreCountedNotListed) {
  const Score score = made_up_score({{"a", 0.8}, {"b", 0.4}, {"c", 0.4}, {"d", 0.4}, {"e", 0.4}});
  Uncertainty uncertainty;
  for (const std::string name : {"b", "c", "d", "e"}) set_chance(uncertainty, "a", name, 1);
  for (const auto& [one, other] :
       {std::pair{"b", "c"}, {"b", "d"}, {"b", "e"}, {"c", "d"}, {"c", "e"}, {"d", "e"}})
    set_chance(uncertainty, one, other, 0.5);
  EXPECT_EQ(pairs_within_noise(score, uncertainty).size(), 6U);
  EXPECT_NE(report_verdict(score, uncertainty).find("Of all 10 pairs 6 cannot be told apart."),
            std::string::npos);
}

TEST(ReportVerdict, WithoutIntervalsItPromisesNothing) {
  EXPECT_EQ(report_verdict(made_up_score({{"x", 0.78}, {"y", 0.7}}), {}),
            "x has the highest score, 0.78, before y with 0.70. No intervals are known, so a small lead may "
            "be chance.");
}

TEST(ReportVerdict, EqualScoresShareTheLead) {
  const std::string text = report_verdict(made_up_score({{"x", 0.5}, {"y", 0.5}, {"z", 0.1}}), {});
  EXPECT_TRUE(text.starts_with("x and y share the highest score, 0.50.")) << text;
}

TEST(ReportVerdict, NobodyWinsWithoutReachingATarget) {
  EXPECT_EQ(report_verdict(made_up_score({{"x", 0}, {"y", 0}}), {}), "No submission reached a target.");
  EXPECT_EQ(report_verdict({}, {}), "No submission reached a target.");
}

}  // namespace
}  // namespace timetrial
