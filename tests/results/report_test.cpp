#include "results/report/report.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "made_up_report.h"
#include "made_up_trials.h"

namespace timetrial {
namespace {

ScoreOptions options_for(int64_t studies, int64_t trials) {
  ScoreOptions options;
  for (int64_t study = 0; study < studies; ++study) options.time_to_target.expected_studies.push_back(study);
  options.trials_per_study = trials;
  return options;
}

std::string text_between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin) + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

nlohmann::json data_in(const std::string& page) {
  return nlohmann::json::parse(
      text_between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
}

// A cell of the trials' table, by the name of its column.
nlohmann::json trial_cell(const nlohmann::json& data, std::size_t trial, const std::string& column) {
  const nlohmann::json& columns = data["trials"]["columns"];
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == column) return data["trials"]["rows"][trial].at(i);
  }
  throw std::logic_error("no column " + column);
}

TEST(Report, HoldsDataThatReadsBackAsWritten) {
  const MadeUpReport report = full_report(a_whole_sweep(), options_for(2, 2));
  const auto data = data_in(render_report(report.input()));
  ASSERT_EQ(data["trials"]["rows"].size(), report.trials.size());
  ASSERT_EQ(data["curves"].size(), report.trials.size());
  EXPECT_EQ(data["curves"][0][0][3].get<double>(), report.trials[0].evaluations[3].submission_seconds);
  EXPECT_EQ(data["curves"][0][1][3], 40);
  EXPECT_EQ(trial_cell(data, 0, "seed"), "12345678901234567");
  EXPECT_EQ(trial_cell(data, 17, "state"), "interrupted");
  EXPECT_EQ(trial_cell(data, 2, "resumes"), 1);
  EXPECT_EQ(data["scores"]["adamw"]["value"].get<double>(), *report.score.profile.scores.at("adamw"));
  EXPECT_EQ(data["scores"]["adamw"]["interval"][0].get<double>(), report.uncertainty.scores.at("adamw")->low);
  EXPECT_EQ(data["times"]["crashing"]["mnist"]["measured"], "inf");
  EXPECT_TRUE(data["curves"][18][2].back().is_null());
  EXPECT_EQ(data["ranking"][0], "schedule_free");
  EXPECT_EQ(data["version"], "0.1.0 (abc)");
  EXPECT_EQ(data["warnings"][0]["trials"], 1);
}

TEST(Report, SaysWhatIsNotKnownInsteadOfMakingItUp) {
  const MadeUpReport report = plain_report(a_whole_sweep(), options_for(2, 2));
  const auto data = nlohmann::json::parse(report_data(report.input()));
  EXPECT_TRUE(data["scores"]["adamw"]["interval"].is_null());
  EXPECT_TRUE(data["scores"]["adamw"]["rank"].is_null());
  EXPECT_TRUE(data["profile"]["bands"].empty());
  EXPECT_TRUE(data["better"].empty());
  EXPECT_TRUE(data["within_noise"].empty());
  EXPECT_TRUE(data["sensitivity"].empty());
}

TEST(Report, ProfileStepsStandWhereTheRatiosAre) {
  // On mnist b takes 1.5 times as long as a; on criteo1tb only b arrives.
  const MadeUpReport report = plain_report(
      {made_up_trial({"a", "mnist"}, {{2, 0.95}}), made_up_trial({"b", "mnist"}, {{3, 0.95}}),
       made_up_trial({"a", "criteo1tb"}, {{9, 0.5}}), made_up_trial({"b", "criteo1tb"}, {{7, 0.95}})},
      {});
  const auto steps = nlohmann::json::parse(report_data(report.input()))["profile"]["steps"];
  EXPECT_EQ(steps["a"]["tau"], nlohmann::json({1.0, 1.0, 4.0}));
  EXPECT_EQ(steps["a"]["rho"], nlohmann::json({0.0, 0.5, 0.5}));
  EXPECT_EQ(steps["b"]["tau"], nlohmann::json({1.0, 1.0, 1.5, 4.0}));
  EXPECT_EQ(steps["b"]["rho"], nlohmann::json({0.0, 0.5, 1.0, 1.0}));
}

TEST(Report, TheTrialThatSpeaksForItsStudyLeads) {
  std::vector<TrialResult> trials = {
      made_up_trial({"a", "mnist", 0, 0}, {{1, 0.5}, {4, 0.95}}),  // reaches the target
      made_up_trial({"a", "mnist", 0, 1}, {{1, 0.99}}),            // sooner
      made_up_trial({"a", "mnist", 1, 0}, {{1, 0.6}}),             // no trial of this study reaches it;
      made_up_trial({"a", "mnist", 1, 1}, {{1, 0.4}})};            // the one above came closer
  const MadeUpReport report = plain_report(std::move(trials), {});
  const auto data = nlohmann::json::parse(report_data(report.input()));
  EXPECT_EQ(trial_cell(data, 0, "leads"), 0);
  EXPECT_EQ(trial_cell(data, 1, "leads"), 1);
  EXPECT_EQ(trial_cell(data, 2, "leads"), 1);
  EXPECT_EQ(trial_cell(data, 3, "leads"), 0);
}

TEST(Report, WarningsThatDifferInNumbersAreOne) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}),
                                     made_up_trial({"a", "mnist", 0, 1}, {{1, 0.95}})};
  trials[0].warnings = {"load 1.5 on 2 cores", "something else"};
  trials[1].warnings = {"load 1.25 on 2 cores"};
  const MadeUpReport report = plain_report(std::move(trials), {});
  const auto warnings = nlohmann::json::parse(report_data(report.input()))["warnings"];
  ASSERT_EQ(warnings.size(), 2U);
  EXPECT_EQ(warnings[0]["message"], "load 1.5 on 2 cores");
  EXPECT_EQ(warnings[0]["trials"], 2);
  EXPECT_EQ(warnings[0]["differ"], true);
  EXPECT_EQ(warnings[1]["differ"], false);
}

TEST(Report, SplitsAStepWhereStepsWereSampled) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}),
                                     made_up_trial({"b", "mnist", 0, 0}, {{1, 0.95}})};
  trials[0].step_times = {{2, 0.5, 0, 1, 2, 0, 0.25, 0.125, 3.875}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  const auto step = nlohmann::json::parse(report_data(report.input()))["step"];
  ASSERT_EQ(step.size(), 1U);
  EXPECT_EQ(step[0]["submission"], "a");
  EXPECT_EQ(step[0]["sampled_steps"], 2);
  EXPECT_EQ(step[0]["parts"]["backward"], 2);
  EXPECT_EQ(step[0]["parts"]["residual"], 0.125);
}

TEST(Report, ShowsTheNewestNullMeasurementOfEachMachineAndDevice) {
  MadeUpReport report = plain_report({made_up_trial({"a"}, {{1, 0.95}})}, {});
  for (const auto& [host, seconds] : {std::pair{"node1", 3e-7}, {"node2", 2e-7}, {"node1", 1e-7}}) {
    NullMeasurement measurement;
    measurement.device = "cpu";
    measurement.machine = {{"host", host}};
    measurement.seconds = {{"step", seconds}};
    report.null_measurements.push_back(measurement);
  }
  const auto shown = nlohmann::json::parse(report_data(report.input()))["null_measurements"];
  ASSERT_EQ(shown.size(), 2U);
  EXPECT_EQ(shown[0]["host"], "node1");
  EXPECT_EQ(shown[0]["seconds"]["a step"], 1e-7);
  EXPECT_EQ(shown[1]["seconds"]["a step"], 2e-7);
}

TEST(Report, HoldsTheVerdictOfSyncAudits) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist"}, {{1, 0.95}}),
                                     made_up_trial({"b", "mnist"}, {{1, 0.95}}),
                                     made_up_trial({"c", "mnist"}, {{1, 0.95}})};
  trials[0].sync_audits = {
      {100, "cuda calls", {{"workload", "cudaFree", "m", 7, 1}, {"update", "cudaFree", "f\ng", 300, 0.041}}}};
  trials[1].sync_audits = {{100, "cuda calls", {{"workload", "cudaFree", "m", 7, 1}}}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  EXPECT_EQ(report.lines[0].sync_audit, "3 per step, 0.41 ms");
  EXPECT_EQ(report.lines[2].sync_audit, "");
  const auto waits = nlohmann::json::parse(report_data(report.input()))["host_waits"];
  ASSERT_EQ(waits.size(), 2U);
  EXPECT_EQ(waits[0]["verdict"], "3 per step, 0.41 ms");
  EXPECT_EQ(waits[0]["sync_free"], false);
  EXPECT_EQ(waits[0]["places"][0]["operation"], "cudaFree");
  EXPECT_EQ(waits[0]["places"][0]["stack"], "f\ng");
  EXPECT_EQ(waits[0]["places"][1]["hook"], "workload");
  EXPECT_EQ(waits[1]["verdict"], "sync-free: yes");
  EXPECT_EQ(waits[1]["sync_free"], true);
}

TEST(Report, FlagsTrialsWhoseMachineDrifted) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}),
                                     made_up_trial({"a", "mnist", 0, 1}, {{1, 0.95}}),
                                     made_up_trial({"b", "mnist"}, {{1, 0.95}})};
  for (TrialResult& trial : trials) trial.spec.reference_drift = 0.05;
  trials[0].reference_times = {{"before", {{"memory", 0.010}}, 0.25}, {"after", {{"memory", 0.0102}}, 0.25}};
  trials[1].reference_times = {{"before", {{"memory", 0.010}}, 0.25}, {"after", {{"memory", 0.013}}, 0.25}};
  trials[1].machine_samples = {{9, 1, 0.002, {{"gpu_watts", {300, 600, 700}}}, {"power limit"}}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  EXPECT_EQ(report.lines[0].drift, "2.0 % (memory)");
  EXPECT_EQ(report.lines[1].drift, "! 30.0 % (memory)");
  EXPECT_EQ(report.lines[2].drift, "");
  const auto data = nlohmann::json::parse(report_data(report.input()));
  ASSERT_EQ(data["machine"].size(), 1U);
  const auto& shown = data["machine"][0];
  EXPECT_EQ(shown["submission"], "a");
  EXPECT_EQ(shown["gauged"], 2);
  EXPECT_EQ(shown["drifted"], 1);
  EXPECT_EQ(shown["most_drift_kernel"], "memory");
  EXPECT_EQ(shown["reference_seconds"], 1.0);
  EXPECT_EQ(shown["throttle_reasons"], nlohmann::json({"power limit"}));
  EXPECT_EQ(shown["quantities"]["gpu_watts"], nlohmann::json({300, 600, 700}));
}

TEST(Report, HoldsTheExhibitOfTheBestTrial) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}),
                                     made_up_trial({"a", "mnist", 0, 1}, {{1, 0.96}}),
                                     made_up_trial({"b", "mnist"}, {{1, 0.95}})};
  trials[0].exhibits = {{10, "picture", R"({"first": 1})"}};
  trials[1].exhibits = {{10, "picture", R"({"z": {"later": [1, 2]}, "a": "</script>"})"}};
  trials[2].exhibits = {{10, "picture", "no JSON"}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  const auto exhibits = data_in(render_report(report.input()))["exhibits"];
  ASSERT_EQ(exhibits.size(), 2U);
  EXPECT_EQ(exhibits[0]["submission"], "a");
  EXPECT_EQ(exhibits[0]["workload"], "mnist");
  EXPECT_EQ(exhibits[0]["trial"], 1);
  EXPECT_EQ(exhibits[0]["value"], 0.96);
  EXPECT_EQ(exhibits[0]["kind"], "picture");
  EXPECT_EQ(exhibits[0]["content"]["z"]["later"], nlohmann::json({1, 2}));
  EXPECT_EQ(exhibits[0]["content"]["a"], "</script>");
  EXPECT_TRUE(exhibits[1]["content"].is_null());
}

TEST(Report, ListsEqualMachinesOnce) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}),
                                     made_up_trial({"a", "mnist", 0, 1}, {{1, 0.95}}),
                                     made_up_trial({"a", "mnist", 0, 2}, {{1, 0.95}})};
  trials[2].starts.front().machine["host"] = "node2";
  const MadeUpReport report = plain_report(std::move(trials), {});
  const auto records = nlohmann::json::parse(report_data(report.input()))["records"];
  ASSERT_EQ(records["machines"].size(), 2U);
  EXPECT_EQ(records["machines"][0]["count"], 2);
  EXPECT_EQ(records["machines"][1]["facts"]["host"], "node2");
  EXPECT_EQ(records["builds"].size(), 1U);
}

TEST(Report, NeedsNothingFromTheNetwork) {
  const std::string page = render_report(full_report(a_whole_sweep(), {}).input());
  const std::size_t library = page.find("plotly.js v");
  ASSERT_NE(library, std::string::npos) << "the charting library is not in the page";
  EXPECT_GT(page.size(), 1000000U);
  EXPECT_EQ(page.find("<link"), std::string::npos);
  EXPECT_EQ(page.find("<script src"), std::string::npos);
  EXPECT_EQ(page.find("{{"), page.find("{{", library)) << "a mark of the page was not filled in";
}

TEST(Report, TextFromTrialsCannotBecomeMarkup) {
  std::vector<TrialResult> trials = {made_up_trial({"<b>adamw</b>"}, {{1, 0.95}})};
  trials[0].outcome.front().message = "</script><script>alert(1)</script><!-- \"quoted\" & \xff broken";
  const MadeUpReport report = plain_report(std::move(trials), {});
  const ReportInput input{"</title><script>alert(2)</script>",
                          "",
                          "",
                          report.trials,
                          report.lines,
                          report.score,
                          report.uncertainty,
                          report.sensitivity,
                          report.null_measurements};
  const std::string page = render_report(input);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<b>adamw"), std::string::npos);
  const auto data = data_in(page);
  EXPECT_EQ(trial_cell(data, 0, "submission"), "<b>adamw</b>");
  EXPECT_EQ(data["ruleset"], "</title><script>alert(2)</script>");
}

TEST(Report, IsWrittenWholeOrNotAtAll) {
  const ScratchDirectory directory;
  const MadeUpReport report = full_report(a_whole_sweep(), options_for(2, 2));
  write_report(directory / "report.html", report.input());
  std::ostringstream written;
  written << std::ifstream(directory / "report.html").rdbuf();
  EXPECT_EQ(written.str(), render_report(report.input()));
  EXPECT_FALSE(std::filesystem::exists(directory / "report.html.partial"));
  EXPECT_THROW(write_report(directory / "absent" / "report.html", report.input()), UserError);
}

}  // namespace
}  // namespace timetrial
