#include "results/scoring/score.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "made_up_trials.h"
#include "results/tables/csv.h"
#include "results/tables/score_csv.h"
#include "results/tables/score_json.h"
#include "results/tables/score_table.h"
#include "results/tables/trial_list.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

// fast needs 2 s on both workloads; slow needs 4 s on mnist and misses ogbg; absent has only mnist, after 100
// s.
std::vector<TrialResult> three_submissions() {
  return {made_up_trial({"fast", "mnist"}, {{1, 0.5}, {2, 0.95}}),
          made_up_trial({"fast", "ogbg"}, {{2, 0.95}}), made_up_trial({"slow", "mnist"}, {{4, 0.95}}),
          made_up_trial({"slow", "ogbg"}, {{4, 0.1}}), made_up_trial({"absent", "mnist"}, {{100, 0.95}})};
}

std::string error_of(const std::vector<TrialResult>& trials, const ScoreOptions& options = {}) {
  try {
    compute_score(trials, options);
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Score, TiesTimesToTheProfile) {
  const Score score = compute_score(three_submissions(), {});
  EXPECT_THAT(score.submissions, ElementsAre("absent", "fast", "slow"));
  EXPECT_THAT(score.workloads, ElementsAre("mnist", "ogbg"));
  EXPECT_EQ(score.time_to_target.at("slow").at("mnist"), 4);
  EXPECT_EQ(score.time_to_target.at("slow").at("ogbg"), std::numeric_limits<double>::infinity());
  EXPECT_FALSE(score.time_to_target.at("absent").at("ogbg").has_value());
  EXPECT_DOUBLE_EQ(*score.profile.scores.at("fast"), 1);
  // r = 2 on one of two workloads: grid point 33 of 99.
  EXPECT_NEAR(*score.profile.scores.at("slow"), (99 - 33 + 0.5) / 99 / 2, 1e-12);
  EXPECT_DOUBLE_EQ(*score.profile.scores.at("absent"), 0);
  EXPECT_THAT(score.notes, Contains("no trial: absent on ogbg"));
}

TEST(Score, ARerunTakesThePlaceOfTheEarlierTrial) {
  std::vector<TrialResult> trials = three_submissions();
  trials.push_back(made_up_trial({"slow", "mnist"}, {{3, 0.95}}));
  const Score score = compute_score(trials, {});
  EXPECT_EQ(score.time_to_target.at("slow").at("mnist"), 3);
  EXPECT_THAT(score.notes, Contains(HasSubstr("1 trials were run again")));
  trials.push_back(made_up_trial({"slow", "mnist"}, {{3, 0.1}}));
  EXPECT_EQ(compute_score(trials, {}).time_to_target.at("slow").at("mnist"),
            std::numeric_limits<double>::infinity());
}

TEST(Score, HardwareClassesAreNotMixedUnlessAskedFor) {
  std::vector<TrialResult> trials = three_submissions();
  trials[2].spec.hardware_class = "8xV100-16GB";
  EXPECT_THAT(error_of(trials), AllOf(HasSubstr("2-core-cpu"), HasSubstr("8xV100-16GB")));
  ScoreOptions options;
  options.mix_hardware_classes = true;
  EXPECT_THAT(compute_score(trials, options).notes, Contains(HasSubstr("mixed hardware classes")));
}

TEST(Score, DifferentTargetsOrTiersOfOneWorkloadAreRefused) {
  std::vector<TrialResult> trials = three_submissions();
  trials[2].spec.target.validation = 0.8;
  EXPECT_THAT(error_of(trials), AllOf(HasSubstr("workload mnist"), HasSubstr("0.8")));
  trials = three_submissions();
  trials[2].spec.tier = "full";
  EXPECT_THAT(error_of(trials), HasSubstr("different tiers"));
}

TEST(Score, ChoosesByRulesetSubmissionAndStudy) {
  std::vector<TrialResult> trials = three_submissions();
  trials[0].spec.ruleset = "other";
  ScoreOptions options;
  options.hits.ruleset = "other";
  EXPECT_THAT(compute_score(trials, options).submissions, ElementsAre("fast"));
  EXPECT_THAT(compute_score(trials, {}).notes, Contains(HasSubstr("several rulesets")));
  options = {};
  options.submissions = {"slow"};
  EXPECT_THAT(compute_score(trials, options).submissions, ElementsAre("slow"));
  options.studies = {5};
  EXPECT_THAT(error_of(trials, options), HasSubstr("no trial to score"));
}

TEST(Score, SaysWhatIsMissing) {
  std::vector<TrialResult> trials = three_submissions();
  trials.push_back(made_up_trial({"slow", "mnist", 1, 0}, {{1, 0.1}}));
  trials.back().outcome.clear();
  trials[0].spec.submission_sha256 = std::string(64, 'b');
  ScoreOptions options;
  options.time_to_target.expected_studies = {0, 1};
  options.trials_per_study = 1;
  const std::vector<std::string> notes = compute_score(trials, options).notes;
  EXPECT_THAT(
      notes,
      Contains(HasSubstr("fewer trials than the 2 of the ruleset: absent on mnist 1, fast on mnist 1")));
  EXPECT_THAT(notes, Contains(testing::MatchesRegex("trials without an outcome.*: slow on mnist 1")));
  EXPECT_THAT(notes, Contains(HasSubstr("fast: its trials come from 2 different builds")));
}

TEST(ScoreJson, ReadsBackExactly) {
  std::vector<TrialResult> trials = three_submissions();
  trials[0].evaluations[1].submission_seconds = 2.0000000000000004;
  const auto json = nlohmann::json::parse(score_json(compute_score(trials, {}), {}));
  EXPECT_EQ(json["time_to_target"]["fast"]["mnist"].get<double>(), 2.0000000000000004);
  EXPECT_EQ(json["time_to_target"]["slow"]["ogbg"], "inf");
  EXPECT_TRUE(json["time_to_target"]["absent"]["ogbg"].is_null());
  EXPECT_EQ(json["profile"]["tau"].size(), 100U);
  EXPECT_EQ(json["profile"]["rho"]["fast"].size(), 100U);
  EXPECT_EQ(json["scores"]["fast"].get<double>(), 1);
}

TEST(ScoreCsv, HasOneLinePerSubmissionByRank) {
  const Score score = compute_score(three_submissions(), {});
  EXPECT_THAT(score_csv(score, {}), testing::StartsWith("submission,score,mnist,ogbg,score_low,"));
  EXPECT_THAT(score_csv(score, {}), HasSubstr("\nabsent,0,100,,"));
  EXPECT_THAT(score_csv(score, {}), HasSubstr(",4,inf,"));
  EXPECT_THAT(score_csv(score, {}), HasSubstr("\nfast,1,2,2,,"));
  EXPECT_THAT(profile_csv(score), HasSubstr("\nfast,1,1\n"));
}

TEST(Csv, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_row({"a", "b,c", "d\"e", "f\ng", ""}), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
  EXPECT_EQ(csv_row({"", "a"}), ",a\n");
  EXPECT_EQ(exact_number(0.1), "0.1");
}

TEST(ScoreTable, ShowsRanksSignsAndNotes) {
  const std::string table = score_table(compute_score(three_submissions(), {}), {});
  EXPECT_LT(table.find("fast"), table.find("slow"));
  EXPECT_THAT(table, AllOf(HasSubstr("1.0000"), HasSubstr("∞"), HasSubstr("–"),
                           HasSubstr("note: no trial: absent on ogbg")));
  EXPECT_THAT(table, HasSubstr("(100.0)"));  // reached, but beyond four times the best
}

TEST(TrialList, NamesStatesAndBestValues) {
  std::vector<TrialResult> trials = three_submissions();
  trials[0].evaluations.push_back(made_up_evaluation(30, 3, std::numeric_limits<double>::quiet_NaN()));
  trials[1].outcome.clear();
  trials[2].outcome.clear();
  const auto lines =
      list_trials(trials, [](const TrialResult& trial) { return trial.spec.submission == "slow"; });
  EXPECT_EQ(lines[0].state, "budget_exhausted");
  EXPECT_EQ(lines[0].best_metric, 0.95);
  EXPECT_EQ(lines[0].machine, "node1, Some CPU");
  EXPECT_EQ(lines[1].state, "interrupted");
  EXPECT_EQ(lines[1].steps, 10);
  EXPECT_EQ(lines[2].state, "running");
}

TEST(TrialList, WritersAgree) {
  std::vector<TrialResult> trials = {made_up_trial({"adamw", "mnist", 1, 2}, {})};
  trials[0].outcome.front().message = "line one, \"quoted\"";
  const auto lines = list_trials(trials);
  const auto json = nlohmann::json::parse(trial_json(lines));
  EXPECT_EQ(json[0]["best_metric"], "nan");
  EXPECT_EQ(json[0]["seed"].get<uint64_t>(), 12345678901234567U);
  EXPECT_EQ(json[0]["study"], 1);
  EXPECT_THAT(trial_csv(lines), HasSubstr("\"line one, \"\"quoted\"\"\""));
  EXPECT_THAT(trial_table(lines),
              AllOf(HasSubstr("budget_exhausted"), HasSubstr("12345678901234567"), HasSubstr("demo")));
}

}  // namespace
}  // namespace timetrial
