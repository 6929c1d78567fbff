// The real AlgoPerf v0.5 results through the program as a person would bring and score them: every case of
// the reference scorer's answers, by options of the command line.

#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

#include "end_to_end.h"

namespace timetrial {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

class Leaderboard : public EndToEnd, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    golden_ = std::string(TIMETRIAL_SOURCE_DIR) + "/../shared/golden/scoring/" + GetParam();
    if (!std::filesystem::exists(golden_ + ".expected.json")) {
      GTEST_SKIP() << "shared/golden/scoring is not beside the repository";
    }
    expected_ = json::parse(std::ifstream(golden_ + ".expected.json"));
    database_ = (folder() / "board.sqlite").string();
    ruleset_ = GetParam() == "v05_self" ? "algoperf-v0.5-self" : "algoperf-v0.5-external";
    const ProgramEnd end = timetrial({"import", "csv", golden_ + ".evals.csv.gz", "--trials",
                                      golden_ + ".trials.csv", "--db", database_, "--ruleset", ruleset_});
    ASSERT_EQ(end.exit_code, kDone) << end.output;
  }

  std::vector<std::string> score(std::vector<std::string> options) const {
    options.insert(options.begin(), {"score", "--db", database_, "--replicates", "0", "--format", "json"});
    return options;
  }

  std::string golden_;
  std::string database_;
  std::string ruleset_;
  json expected_;
};

std::string joined(const json& list) {
  std::string text;
  for (const json& item : list) {
    text += (text.empty() ? "" : ",") + (item.is_string() ? item.get<std::string>() : item.dump());
  }
  return text;
}

std::vector<std::string> options_of(const json& params) {
  std::vector<std::string> options = {
      "--submissions", joined(params["submissions"]),
      "--workloads",   joined(params["base_workloads"]),
      "--held-out",    params["held_out_workloads"].empty() ? "none" : joined(params["held_out_workloads"]),
      "--axis",        params["time_col"] == "global_step" ? "steps" : "seconds",
      "--tau-max",     params["max_tau"].is_null() ? "auto" : params["max_tau"].dump(),
      "--tau-points",  params["num_points"].dump(),
      "--tau-scale",   params["scale"].get<std::string>()};
  const auto add = [&](const std::string& name, const std::string& value) {
    options.insert(options.end(), {name, value});
  };
  if (params["reference_submission"].is_string()) add("--reference", params["reference_submission"]);
  if (params["studies"].is_array()) add("--studies", joined(params["studies"]));
  if (params["tie_break"] == "last_trial") add("--ties", "last");
  if (params["tie_break"] == "min_time") add("--trial-choice", "time");
  add("--missing-study", params["missing_study_policy"].get<std::string>());
  if (params.contains("target_overrides")) {
    for (const auto& [workload, value] : params["target_overrides"].items()) {
      add("--target", workload + "=" + value.dump());
    }
  }
  return options;
}

void expect_equal(const json& found, const json& expected, const std::string& place) {
  if (expected.is_number()) {
    ASSERT_TRUE(found.is_number()) << place << " is " << found;
    EXPECT_NEAR(found.get<double>(), expected.get<double>(), 1e-9 * std::fabs(expected.get<double>()))
        << place;
  } else {
    EXPECT_EQ(found, expected) << place;
  }
}

void expect_same_tables(const json& found, const json& expected) {
  for (const auto& [submission, value] : expected["scores"].items()) {
    expect_equal(found["scores"][submission], value, "score of " + submission);
  }
  for (const auto& [submission, row] : expected["time_to_target"].items()) {
    for (const auto& [workload, time] : row.items()) {
      expect_equal(found["time_to_target"][submission][workload], time, submission + " on " + workload);
    }
  }
  for (const auto& [submission, heights] : expected["profile"].items()) {
    ASSERT_EQ(found["profile"]["rho"][submission].size(), heights.size());
    for (std::size_t i = 0; i < heights.size(); ++i) {
      expect_equal(found["profile"]["rho"][submission][i], heights[i], "profile of " + submission);
    }
  }
}

TEST_P(Leaderboard, EveryCaseOfTheReferenceScorerComesOut) {
  ASSERT_GE(expected_["cases"].size(), 19U);
  for (const json& test_case : expected_["cases"]) {
    SCOPED_TRACE(test_case["params"]["name"].get<std::string>());
    const ProgramEnd end = timetrial(score(options_of(test_case["params"])));
    ASSERT_EQ(end.exit_code, kDone) << end.output;
    expect_same_tables(json::parse(end.output), test_case["expected"]);
  }
  // Each was kept, and none over another.
  const ProgramEnd verdicts = timetrial({"list", "verdicts", "--db", database_, "--format", "json"});
  EXPECT_GE(json::parse(verdicts.output).size(), expected_["cases"].size() - 1);
}

// What the published leaderboard shows, by the ruleset alone.
TEST_P(Leaderboard, TheRulesetAloneGivesThePublishedScores) {
  const ProgramEnd end = timetrial(score({}));
  ASSERT_EQ(end.exit_code, kDone) << end.output;
  const json scores = json::parse(end.output)["scores"];
  std::size_t compared = 0;
  for (const json& test_case : expected_["cases"]) {
    if (test_case["params"]["name"] != "default" || !test_case.contains("published")) continue;
    const json& published = test_case["published"];
    const double half_digit = 0.5 * std::pow(10, -published["decimals"].get<double>());
    for (const auto& [submission, value] : published["scores"].items()) {
      EXPECT_NEAR(scores[submission].get<double>(), value.get<double>(), 1.001 * half_digit) << submission;
      ++compared;
    }
  }
  EXPECT_GE(compared, 5U);
}

TEST_P(Leaderboard, IntervalsContainTheirScoresAndComeOutAlikeTwice) {
  const std::vector<std::string> command = {"score", "--db", database_, "--format", "json"};
  const ProgramEnd first = timetrial(command);
  ASSERT_EQ(first.exit_code, kDone) << first.output;
  EXPECT_EQ(timetrial(command).output, first.output);
  const json result = json::parse(first.output);
  for (const auto& [submission, score] : result["scores"].items()) {
    const json& interval = result["intervals"]["scores"][submission];
    EXPECT_LE(interval[0].get<double>(), score.get<double>()) << submission;
    EXPECT_GE(interval[1].get<double>(), score.get<double>()) << submission;
  }
  EXPECT_THAT(timetrial({"score", "--db", database_}).output, HasSubstr("95 %"));
}

INSTANTIATE_TEST_SUITE_P(Version05, Leaderboard, ::testing::Values("v05_external", "v05_self"));

}  // namespace
}  // namespace timetrial
