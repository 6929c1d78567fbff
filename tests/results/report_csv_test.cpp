#include "results/report/report_csv.h"

#include <algorithm>
#include <fstream>
#include <tuple>

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "made_up_report.h"
#include "made_up_trials.h"

namespace timetrial {
namespace {

auto lines_of(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(ReportCsv, EveryFigureHasItsNumbers) {
  const MadeUpReport report = full_report(a_whole_sweep(), {});
  const auto files = report_csv(report.input());
  std::ptrdiff_t evaluations = 0;
  for (const TrialResult& trial : report.trials) evaluations += std::ssize(trial.evaluations);
  EXPECT_EQ(lines_of(files.at("scores.csv")), 1 + 6);
  EXPECT_EQ(lines_of(files.at("profile.csv")), 1 + 6 * 100);
  EXPECT_EQ(lines_of(files.at("profile_bands.csv")), 1 + 6 * 100);
  EXPECT_EQ(lines_of(files.at("beats.csv")), 1 + 6 * 5);
  EXPECT_EQ(lines_of(files.at("time_to_target.csv")), 1 + 6 * 2);
  EXPECT_EQ(lines_of(files.at("studies.csv")), 1 + 6 * 2 * 2);
  EXPECT_EQ(lines_of(files.at("curves.csv")), 1 + evaluations);
  EXPECT_EQ(lines_of(files.at("sensitivity.csv")), 1 + 6 * 2 * 2);
  EXPECT_EQ(lines_of(files.at("after_trials.csv")), 1 + 6 * 2 * 4);
  EXPECT_EQ(lines_of(files.at("clock.csv")), 1 + 6 * 2);
  EXPECT_EQ(lines_of(files.at("step.csv")), 1 + 5 * 2);  // one submission crashes at once
  EXPECT_EQ(lines_of(files.at("first_steps.csv")), 1);   // none ran on a GPU
  EXPECT_EQ(lines_of(files.at("null_measurements.csv")), 1 + 3);
  EXPECT_EQ(lines_of(files.at("memory.csv")), 1 + 6 * 2 * 3);
  EXPECT_EQ(lines_of(files.at("host_waits.csv")), 1);  // none was audited
  EXPECT_EQ(lines_of(files.at("exhibits.csv")), 1);    // there are none
  EXPECT_EQ(lines_of(files.at("trials.csv")), 1 + 48);
}

TEST(ReportCsv, TellsMissedVoidAndAbsentApart) {
  std::vector<TrialResult> trials = {
      made_up_trial({"fast", "mnist"}, {{1, 0.95}}), made_up_trial({"slow", "mnist"}, {{7, 0.95}}),
      made_up_trial({"lost", "mnist"}, {{7, 0.5}}), made_up_trial({"fast", "criteo1tb"}, {{2, 0.95}})};
  MadeUpReport report = plain_report(std::move(trials), {});
  report.uncertainty.time_to_target["fast"]["mnist"] = Interval{0.5, 1.5};
  const std::string text = report_csv(report.input()).at("time_to_target.csv");
  EXPECT_TRUE(has_line(text, "fast,mnist,reached,1,0.5,1.5,1")) << text;
  EXPECT_TRUE(has_line(text, "slow,mnist,void,7,,,inf")) << text;
  EXPECT_TRUE(has_line(text, "lost,mnist,missed,inf,,,inf")) << text;
  EXPECT_TRUE(has_line(text, "slow,criteo1tb,no data,,,,")) << text;
}

TEST(ReportCsv, SplitsAStepAsItWasMeasured) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist"}, {{1, 0.95}})};
  trials[0].step_times = {{2, 0.5, 0.25, 1, 2, 0.75, 0.375, 0.125, 5}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  EXPECT_EQ(
      report_csv(report.input()).at("step.csv"),
      "submission,workload,trials,sampled_steps,data_wait_seconds,host_to_device_seconds,forward_seconds,"
      "backward_seconds,gradient_averaging_seconds,update_seconds,residual_seconds,step_seconds\n"
      "a,mnist,1,2,0.5,0.25,1,2,0.75,0.375,0.125,5\n");
}

TEST(ReportCsv, FirstStepsTellWhetherKernelsWereFound) {
  std::vector<TrialResult> trials;
  for (const auto& [study, files, seconds] : {std::tuple{0, "0", 4.5}, std::tuple{1, "12", 1.25}}) {
    trials.push_back(made_up_trial({"a", "mnist", study}, {{seconds, 0.5}, {8, 0.95}}));
    trials.back().evaluations.front().step = 1;
    trials.back().starts.front().provenance["kernel_cache_files"] = files;
  }
  const MadeUpReport report = plain_report(std::move(trials), {});
  EXPECT_EQ(report_csv(report.input()).at("first_steps.csv"),
            "submission,workload,kernels,seconds\na,mnist,compiled,4.5\na,mnist,found,1.25\n");
}

TEST(ReportCsv, MemoryHasALineForEachPhase) {
  TrialResult trial = made_up_trial({"fast", "mnist"}, {{1, 0.95}});
  trial.memory = {{"caching", true, 90, 8, {{"startup", {10, 2, 0}}, {"training", {30, 20, 7}}}}};
  const std::string text = report_csv(plain_report({trial}, {}).input()).at("memory.csv");
  EXPECT_TRUE(has_line(text, "fast,mnist,1,startup,10,2,0,90,8")) << text;
  EXPECT_TRUE(has_line(text, "fast,mnist,1,training,30,20,7,90,8")) << text;
}

TEST(ReportCsv, CurvesAreNeitherThinnedNorRounded) {
  std::vector<std::pair<double, double>> curve(400, {1.23456789, 0.123456789});
  const MadeUpReport report = plain_report({made_up_trial({"a,b", "mnist", 3, 2}, curve)}, {});
  const std::string text = report_csv(report.input()).at("curves.csv");
  EXPECT_EQ(lines_of(text), 401);
  EXPECT_TRUE(has_line(text, "0,\"a,b\",mnist,3,2,399,4000,1.23456789,accuracy,0.123456789"));
}

TEST(ReportCsv, HostWaitsOfTheTrialsOfASubmissionAreAddedUp) {
  std::vector<TrialResult> trials = {
      made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}), made_up_trial({"a", "mnist", 0, 1}, {{1, 0.95}}),
      made_up_trial({"b", "mnist", 0, 0}, {{1, 0.95}}), made_up_trial({"c", "mnist", 0, 0}, {{1, 0.95}})};
  trials[0].sync_audits = {{100, "cuda calls", {{"update", "cudaFree", "f, (a.so+0x1)", 100, 0.5}}},
                           {20, "cuda calls", {{"update", "cudaFree", "f, (a.so+0x1)", 20, 0.25}}}};
  trials[1].sync_audits = {{80, "cuda calls", {{"update", "cudaFree", "f, (a.so+0x1)", 80, 0.25}}}};
  trials[2].sync_audits = {{50, "cuda calls", {}}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  const std::string text = report_csv(report.input()).at("host_waits.csv");
  EXPECT_EQ(lines_of(text), 3) << text;
  EXPECT_TRUE(has_line(text, "a,mnist,2,200,cuda calls,update,cudaFree,200,1,\"f, (a.so+0x1)\"")) << text;
  EXPECT_TRUE(has_line(text, "b,mnist,1,50,cuda calls,,,0,0,")) << text;
}

TEST(ReportCsv, MachinesOfTheTrialsOfASubmissionAreTakenTogether) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}),
                                     made_up_trial({"a", "mnist", 0, 1}, {{1, 0.95}})};
  trials[0].machine_samples = {{3, 1, 0.001, {{"cpu_mhz", {2000, 2400, 2500}}}, {}}};
  trials[1].machine_samples = {{3, 1, 0.001, {{"cpu_mhz", {1500, 2300, 2450}}}, {}}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  const std::string text = report_csv(report.input()).at("machine.csv");
  EXPECT_EQ(lines_of(text), 2) << text;
  EXPECT_TRUE(has_line(text, "a,mnist,2,cpu_mhz,1500,2350,2500")) << text;
}

TEST(ReportCsv, KeepsTheExhibitsOfAllTrialsAsTheyAre) {
  std::vector<TrialResult> trials = {made_up_trial({"a", "mnist", 0, 0}, {{1, 0.95}}),
                                     made_up_trial({"a", "mnist", 0, 1}, {{1, 0.5}}),
                                     made_up_trial({"b", "mnist", 1, 0}, {{1, 0.95}})};
  trials[0].exhibits = {{10, "picture", R"({"a": 1})"}};
  trials[1].exhibits = {{10, "picture", "{}"}, {10, "picture", "no JSON"}};
  const MadeUpReport report = plain_report(std::move(trials), {});
  const std::string text = report_csv(report.input()).at("exhibits.csv");
  EXPECT_EQ(lines_of(text), 1 + 2) << text;
  EXPECT_TRUE(has_line(text, R"(a,mnist,0,0,picture,"{""a"": 1}")")) << text;
  EXPECT_TRUE(has_line(text, "a,mnist,0,1,picture,no JSON")) << text;
}

TEST(ReportCsv, IsWrittenIntoAFolderThatIsMade) {
  const ScratchDirectory directory;
  const MadeUpReport report = plain_report(a_whole_sweep(), {});
  write_report_csv(directory / "deep/numbers", report.input());
  EXPECT_TRUE(std::filesystem::exists(directory / "deep/numbers/scores.csv"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory / "deep/numbers"), {}),
            std::ssize(report_csv(report.input())));
  std::ofstream(directory / "file") << "in the way";
  EXPECT_THROW(write_report_csv(directory / "file", report.input()), UserError);
}

}  // namespace
}  // namespace timetrial
