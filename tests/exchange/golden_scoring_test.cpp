// Scores of real AlgoPerf v0.5 results, imported from their tidy tables, against the answers of the reference
// scorer, all cases.

#include <cmath>
#include <map>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../temporary_folder.h"
#include "golden_logs.h"
#include "harness/controller/contest_rules.h"
#include "results/exchange/algoperf_export.h"
#include "results/exchange/algoperf_import.h"
#include "results/exchange/csv_export.h"
#include "results/exchange/csv_import.h"
#include "results/scoring/score.h"
#include "results/tables/score_json.h"

namespace timetrial {
namespace {

using nlohmann::json;

std::vector<std::string> texts(const json& list) {
  return list.get<std::vector<std::string>>();
}

ScoreOptions options_of(const json& params) {
  ScoreOptions options;
  options.submissions = texts(params["submissions"]);
  options.profile.base_workloads = texts(params["base_workloads"]);
  options.profile.held_out = texts(params["held_out_workloads"]);
  options.hits.axis = params["time_col"] == "global_step" ? TimeAxis::steps : TimeAxis::submission_seconds;
  options.profile.tau_max =
      params["max_tau"].is_null() ? std::nullopt : std::optional<double>(params["max_tau"].get<double>());
  options.profile.tau_points = params["num_points"].get<int64_t>();
  options.profile.log_tau = params["scale"] == "log";
  if (params["reference_submission"].is_string()) {
    options.profile.reference_submission = params["reference_submission"].get<std::string>();
  }
  if (params["studies"].is_array()) options.studies = params["studies"].get<std::vector<int64_t>>();
  if (params["tie_break"] == "last_trial") options.time_to_target.ties = TieBreak::last;
  if (params["tie_break"] == "min_time") options.time_to_target.trial_choice = TrialChoice::time;
  if (params["missing_study_policy"] == "inf") {
    options.time_to_target.missing_study = MissingStudy::infinite;
    options.time_to_target.expected_studies = params["expected_studies"].get<std::vector<int64_t>>();
  }
  if (params.contains("target_overrides")) {
    options.hits.validation_targets = params["target_overrides"].get<std::map<std::string, double>>();
  }
  return options;
}

void expect_time(const std::optional<double>& time, const json& expected, const std::string& place) {
  if (expected.is_null()) {
    EXPECT_FALSE(time.has_value()) << place << " is " << *time;
  } else if (expected.is_string()) {
    ASSERT_TRUE(time.has_value()) << place;
    EXPECT_TRUE(std::isinf(*time)) << place << " is " << *time;
  } else {
    ASSERT_TRUE(time.has_value()) << place;
    EXPECT_NEAR(*time, expected.get<double>(), 1e-9 * expected.get<double>()) << place;
  }
}

void expect_times(const Score& score, const json& expected) {
  ASSERT_EQ(score.time_to_target.size(), expected.size());
  for (const auto& [submission, row] : expected.items()) {
    ASSERT_EQ(score.time_to_target.at(submission).size(), row.size());
    for (const auto& [workload, time] : row.items()) {
      expect_time(score.time_to_target.at(submission).at(workload), time, submission + " on " + workload);
    }
  }
}

void expect_profile(const PerformanceProfile& profile, const json& expected) {
  for (const auto& [submission, heights] : expected["profile"].items()) {
    const std::vector<double>& rho = profile.rho.at(submission);
    ASSERT_EQ(rho.size(), heights.size());
    for (std::size_t i = 0; i < rho.size(); ++i) {
      EXPECT_NEAR(rho[i], heights[i].get<double>(), 1e-12) << submission << " at tau " << profile.tau[i];
    }
  }
  for (const auto& [submission, value] : expected["scores"].items()) {
    const std::optional<double>& score = profile.scores.at(submission);
    ASSERT_EQ(score.has_value(), !value.is_null()) << submission;
    if (score) {
      EXPECT_NEAR(*score, value.get<double>(), 1e-12) << submission;
    }
  }
}

void expect_tau(const PerformanceProfile& profile, const json& points, bool log_labels) {
  ASSERT_EQ(profile.tau.size(), points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NEAR(log_labels ? std::log10(profile.tau[i]) : profile.tau[i], points[i].get<double>(), 1e-12);
  }
}

// Rows: submission, workload, study, trial, evaluation, time.
void expect_studies(const Score& score, const json& rows) {
  std::size_t studies = 0;
  for (const auto& [submission, workloads] : score.studies) {
    for (const auto& [workload, of_workload] : workloads) studies += of_workload.size();
  }
  EXPECT_EQ(studies, rows.size());
  for (const json& row : rows) {
    const std::string place = row[0].get<std::string>() + " on " + row[1].get<std::string>();
    const auto& of_workload = score.studies.at(row[0].get<std::string>()).at(row[1].get<std::string>());
    const auto study = std::find_if(of_workload.begin(), of_workload.end(), [&](const StudyTime& time) {
      return time.study == row[2].get<int64_t>();
    });
    ASSERT_NE(study, of_workload.end()) << place << ", study " << row[2];
    expect_time(study->time, row[5], place);
    ASSERT_EQ(study->trial.has_value(), !row[3].is_null()) << place;
    if (!study->trial) continue;
    EXPECT_EQ(*study->trial, row[3].get<int64_t>()) << place << ", study " << row[2];
    EXPECT_EQ(*study->evaluation, row[4].get<std::size_t>()) << place << ", study " << row[2];
  }
}

class GoldenScoring : public testing::TestWithParam<std::string> {};

TEST_P(GoldenScoring, MatchesTheReferenceScorerInEveryCase) {
  if (!golden_logs_exist(GetParam())) GTEST_SKIP() << "shared/golden/scoring is not beside the repository";
  const GoldenLogs& logs = golden_logs(GetParam());
  ASSERT_GE(logs.expected["cases"].size(), 19U);
  for (const json& test_case : logs.expected["cases"]) {
    const json& params = test_case["params"];
    SCOPED_TRACE(params["name"].get<std::string>());
    const json& expected = test_case["expected"];
    const Score score = compute_score(logs.trials, options_of(params));
    expect_times(score, expected["time_to_target"]);
    expect_profile(score.profile, expected);
    if (expected.contains("tau_points"))
      expect_tau(score.profile, expected["tau_points"], params["scale"] == "log");
    if (expected.contains("per_study")) expect_studies(score, expected["per_study"]);
    if (test_case.contains("published") && test_case["published"].contains("scores")) {
      const double half_digit = 0.5 * std::pow(10, -test_case["published"]["decimals"].get<double>());
      for (const auto& [submission, value] : test_case["published"]["scores"].items()) {
        EXPECT_NEAR(*score.profile.scores.at(submission), value.get<double>(), 1.001 * half_digit)
            << submission;
      }
    }
  }
}

std::string score_of(const std::vector<TrialResult>& trials) {
  return score_json(compute_score(trials, {}), {});
}

TEST_P(GoldenScoring, AnExportGivesTheSameScoresAgain) {
  if (!golden_logs_exist(GetParam())) GTEST_SKIP() << "shared/golden/scoring is not beside the repository";
  const TemporaryFolder folder;
  const std::vector<TrialResult>& trials = golden_logs(GetParam()).trials;
  const std::string expected = score_of(trials);

  const TidyCsv tables = tidy_csv(trials);
  folder.write("evals.csv", tables.evaluations);
  folder.write("trials.csv", tables.trials);
  Store from_csv(folder.path() / "csv.sqlite");
  store_trials(read_csv(folder.path() / "evals.csv", folder.path() / "trials.csv", import_candidates("")),
               from_csv);
  EXPECT_EQ(score_of(from_csv.trials()), expected);

  export_algoperf(trials, folder.path() / "logs");
  Store from_logs(folder.path() / "logs.sqlite");
  store_trials(read_algoperf(folder.path() / "logs", import_candidates("")), from_logs);
  EXPECT_EQ(score_of(from_logs.trials()), expected);
}

// The rows of the published tables that hold no number for the target's metric.
TEST_P(GoldenScoring, CountsValuesThatAreNoNumber) {
  if (!golden_logs_exist(GetParam())) GTEST_SKIP() << "shared/golden/scoring is not beside the repository";
  std::size_t trials = 0;
  std::size_t rows = 0;
  for (const TrialResult& trial : golden_logs(GetParam()).trials) {
    std::size_t of_trial = 0;
    for (const EvaluationRecord& evaluation : trial.evaluations) {
      if (std::isnan(evaluation.metrics.at("validation/" + trial.spec.target.metric))) ++of_trial;
    }
    rows += of_trial;
    trials += of_trial > 0 ? 1 : 0;
  }
  EXPECT_EQ(rows, GetParam() == "v05_external" ? 647U : 0U);
  EXPECT_EQ(trials, GetParam() == "v05_external" ? 12U : 0U);
}

INSTANTIATE_TEST_SUITE_P(Version05, GoldenScoring, testing::Values("v05_external", "v05_self"));

}  // namespace
}  // namespace timetrial
