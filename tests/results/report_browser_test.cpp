// The report in a real browser, headless Chromium: scripts run without a complaint, every chart is drawn,
// nothing sticks out of the page. Skipped where there is no Chromium.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "golden_logs.h"
#include "made_up_report.h"
#include "made_up_trials.h"

namespace timetrial {
namespace {

// Told after the charts had time to be drawn: what a test wants to know of the page, as JSON in its text. The
// window is as high as the page, so that all charts are in view.
constexpr const char* kProbe = R"(<script>addEventListener('load', () => setTimeout(() => {
  const charts = [...document.querySelectorAll('.chart')].map(box => ({label: box.getAttribute('aria-label'),
    drawn: box.classList.contains('js-plotly-plot') && box.querySelectorAll('svg.main-svg').length > 0,
    traces: (box.data || []).length, paths: box.querySelectorAll('.cartesianlayer .trace path').length,
    overflow: box.scrollWidth > box.clientWidth + 1}));
  const cells = selector => document.querySelectorAll(selector).length;
  const probe = document.createElement('pre');
  probe.id = 'probe';
  probe.textContent = JSON.stringify({charts, overflow: document.documentElement.scrollWidth - innerWidth,
    verdict: document.getElementById('verdict').textContent, heat: cells('.times td.heat'), best: cells('td.best'),
    missed: cells('td.missed'), void: cells('td.void'), absent: cells('td.absent'), matrix: cells('.matrix td'),
    noisy: cells('td.noisy'), sections: [...document.querySelectorAll('section')].map(one => one.id)});
  document.querySelector('#submissions button').click();
  const left = document.querySelector('#profile .chart').data.length;
  document.querySelector('#submissions button').click();
  dispatchEvent(new Event('beforeprint'));
  const paper = {theme: document.documentElement.dataset.theme,
    width: document.querySelector('#profile .chart svg').clientWidth};
  probe.textContent = JSON.stringify({...JSON.parse(probe.textContent), left, paper});
  document.body.append(probe);
}, 3000));</script>)";

std::string chromium() {
  for (const char* folder : {"/usr/bin", "/usr/local/bin", "/snap/bin"}) {
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
      const std::filesystem::path program = std::filesystem::path(folder) / name;
      if (std::filesystem::exists(program)) return program.string();
    }
  }
  return "";
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

class Browser {
 public:
  // Opens a file; `more`: further switches. The DOM is dumped, and messages of the console go to log().
  void open(const std::filesystem::path& page, const std::string& more) {
    const std::string command =
        "timeout --kill-after=5 150 '" + chromium() +
        "' --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars"
        " --enable-logging=stderr --v=0 --virtual-time-budget=20000 --user-data-dir='" +
        (folder_ / "profile").string() + "' " + more + " 'file://" + page.string() + "' > '" +
        (folder_ / "dom").string() + "' 2> '" + (folder_ / "log").string() + "'";
    status_ = std::system(command.c_str());
  }

  int status() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }
  std::string dom() const { return text_of(folder_ / "dom"); }

  // Lines that the page's console received.
  std::string console() const {
    std::istringstream log(text_of(folder_ / "log"));
    std::string lines;
    for (std::string line; std::getline(log, line);) {
      if (line.find("CONSOLE") != std::string::npos) lines += line + "\n";
    }
    return lines;
  }

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

 private:
  ScratchDirectory folder_;
  int status_ = 0;
};

// What the probe found.
nlohmann::json probe_of(const std::string& dom) {
  const std::string mark = "<pre id=\"probe\">";
  const std::size_t begin = dom.rfind(mark);
  if (begin == std::string::npos) return nullptr;
  std::string text = dom.substr(begin + mark.size());
  text.resize(text.find("</pre>"));
  for (const auto& [code, letter] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (std::size_t at = 0; (at = text.find(code, at)) != std::string::npos; at += 1) {
      text.replace(at, std::string(code).size(), letter);
    }
  }
  return nlohmann::json::parse(text);
}

std::string with_probe(std::string page) {
  page.insert(page.rfind("</body>"), kProbe);
  return page;
}

class ReportBrowser : public testing::Test {
 protected:
  void SetUp() override {
    if (chromium().empty()) GTEST_SKIP() << "chromium is not installed";
  }

  // Opens the report in a window of this width, as high as any report; expects what holds for all of them.
  nlohmann::json examine(const MadeUpReport& report, int width) {
    write(browser_.path("page.html"), with_probe(render_report(report.input())));
    browser_.open(browser_.path("page.html"), "--window-size=" + std::to_string(width) + ",24000 --dump-dom");
    EXPECT_EQ(browser_.status(), 0);
    EXPECT_EQ(browser_.console(), "");
    nlohmann::json probe = probe_of(browser_.dom());
    EXPECT_FALSE(probe.is_null()) << "the page's scripts did not finish";
    if (probe.is_null()) return probe;
    EXPECT_LE(probe["overflow"].get<double>(), 0) << "wider than the window of " << width;
    for (const auto& one : probe["charts"]) {
      EXPECT_TRUE(one["drawn"].get<bool>()) << one;
      EXPECT_GT(one["traces"].get<int>(), 0) << one;
      EXPECT_GT(one["paths"].get<int>(), 0) << one;
      EXPECT_FALSE(one["overflow"].get<bool>()) << one;
    }
    return probe;
  }

  // Bytes of a picture of the page. An empty page compresses to next to nothing.
  std::uintmax_t picture_bytes(const std::filesystem::path& page, const std::string& name) {
    browser_.open(page, "--window-size=1280,1600 --screenshot='" + browser_.path(name).string() + "'");
    EXPECT_EQ(browser_.status(), 0);
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(browser_.path(name), error);
    return error ? 0 : bytes;
  }

  Browser browser_;
};

nlohmann::json chart_called(const nlohmann::json& probe, const std::string& label) {
  for (const auto& one : probe["charts"]) {
    if (one["label"] == label) return one;
  }
  ADD_FAILURE() << "no chart " << label;
  return {{"traces", -1}};
}

ScoreOptions two_studies() {
  ScoreOptions options;
  options.time_to_target.expected_studies = {0, 1};
  options.trials_per_study = 2;
  return options;
}

TEST_F(ReportBrowser, ErrorsOfScriptsAreNoticed) {
  write(browser_.path("bad.html"), "<body><script>undefined_function();</script></body>");
  browser_.open(browser_.path("bad.html"), "--dump-dom");
  EXPECT_NE(browser_.console().find("undefined_function"), std::string::npos);
}

TEST_F(ReportBrowser, DrawsEveryFigureOfASweep) {
  const nlohmann::json probe = examine(full_report(a_whole_sweep(), two_studies()), 1280);
  ASSERT_FALSE(probe.is_null());
  const nlohmann::json sections = {"scores",      "profile", "comparison", "times",  "curves",
                                   "sensitivity", "clock",   "memory",     "trials", "provenance"};
  EXPECT_EQ(probe["sections"], sections);
  EXPECT_EQ(chart_called(probe, "Scores with intervals")["traces"], 1);
  EXPECT_EQ(chart_called(probe, "Performance profiles")["traces"], 6 + 2 * 2);  // two bands of two edges
  EXPECT_EQ(chart_called(probe, "Expected time to target after k trials")["traces"], 6);
  EXPECT_EQ(chart_called(probe, "Best, median and worst trial of each study")["traces"], 4);
  EXPECT_EQ(chart_called(probe, "Where the time went")["traces"], 7);  // parts that took time
  EXPECT_EQ(chart_called(probe, "How much memory")["traces"], 3);
  EXPECT_EQ(chart_called(probe, "Training curves on mnist")["traces"], 15);  // of 5: faint, strong, hits
  EXPECT_EQ(probe["left"], 5 + 2);  // the first submission switched off: its line and its band are gone
  EXPECT_EQ(probe["paper"]["theme"], "light");
  EXPECT_LT(probe["paper"]["width"], 720);  // fits A4
  EXPECT_EQ(probe["heat"], 12);
  EXPECT_EQ(probe["best"], 2);
  EXPECT_EQ(probe["missed"], 6);  // of three submissions: two too slow in a study, one crashes
  EXPECT_EQ(probe["matrix"], 36);
  EXPECT_NE(probe["verdict"].get<std::string>().find("schedule_free"), std::string::npos);
}

TEST_F(ReportBrowser, FitsASmallWindow) {
  examine(full_report(a_whole_sweep(), two_studies()), 500);
}

TEST_F(ReportBrowser, ShowsWhatThereIsWithoutIntervals) {
  const nlohmann::json probe = examine(plain_report(a_whole_sweep(), two_studies()), 1280);
  ASSERT_FALSE(probe.is_null());
  EXPECT_EQ(probe["sections"], nlohmann::json({"scores", "profile", "times", "curves", "clock", "memory",
                                               "trials", "provenance"}));
  EXPECT_EQ(chart_called(probe, "Performance profiles")["traces"], 6);
}

TEST_F(ReportBrowser, ShowsTheWaitsOfAuditedTrials) {
  std::vector<TrialResult> trials = a_whole_sweep();
  trials[0].sync_audits = {{100, "tensor operations", {{"update", "aten::item", "f\ng", 300, 0.041}}}};
  trials[8].sync_audits = {{100, "tensor operations", {}}};
  const nlohmann::json probe = examine(plain_report(std::move(trials), two_studies()), 1280);
  ASSERT_FALSE(probe.is_null());
  EXPECT_EQ(probe["sections"], nlohmann::json({"scores", "profile", "times", "curves", "clock", "memory",
                                               "sync", "trials", "provenance"}));
}

TEST_F(ReportBrowser, ShowsWhatCompiledKernelsSaved) {
  std::vector<TrialResult> trials = a_whole_sweep();
  for (std::size_t i : {0, 1}) {  // of one submission on one workload
    trials[i].evaluations.front().step = 1;
    trials[i].evaluations.front().submission_seconds = i == 0 ? 0.875 : 0.25;
    trials[i].starts.front().provenance["kernel_cache_files"] = i == 0 ? "0" : "12";
  }
  ASSERT_FALSE(examine(plain_report(std::move(trials), two_studies()), 1280).is_null());
  EXPECT_NE(browser_.dom().find("The first step"), std::string::npos);
  EXPECT_NE(browser_.dom().find("0.625 s"), std::string::npos);
}

TEST_F(ReportBrowser, DrawsWhatWasLearnedAndNamesWhatItCannotDraw) {
  std::vector<TrialResult> trials = a_whole_sweep();
  const char* plans = R"({"graph": "g", "devices": 2, "operations": ["add", "dot"], "plans": {
    "heuristic": {"makespan_ns": 3000, "fits": true, "kernels": [[0, 0, 1000, 0], [1, 1500, 3000, 1]],
                  "transfers": [[0, 1, 1000, 1500]]},
    "policy": {"makespan_ns": 2500, "fits": false, "kernels": [[0, 0, 1000, 0], [0, 1000, 2500, 1]],
               "transfers": []}}})";
  trials[0].exhibits = {{40, "plan_timeline", plans}};
  trials[8].exhibits = {{40, "hologram", "{}"}};
  const nlohmann::json probe = examine(plain_report(std::move(trials), two_studies()), 1280);
  ASSERT_FALSE(probe.is_null());
  EXPECT_EQ(probe["sections"], nlohmann::json({"scores", "profile", "times", "curves", "exhibits", "clock",
                                               "memory", "trials", "provenance"}));
  EXPECT_EQ(chart_called(probe, "What was learned")["traces"], 3);  // two operations, transfers
  EXPECT_NE(browser_.dom().find("hologram"), std::string::npos);
}

TEST_F(ReportBrowser, ShowsASingleTrialThatTellsNothing) {
  const nlohmann::json probe = examine(plain_report({made_up_trial({"adamw"}, {{1, 0.5}})}, {}), 1280);
  ASSERT_FALSE(probe.is_null());
  EXPECT_EQ(probe["verdict"], "No submission reached a target.");
}

TEST_F(ReportBrowser, PictureIsNotBlank) {
  write(browser_.path("blank.html"), "<body></body>");
  write_report(browser_.path("report.html"), full_report(a_whole_sweep(), two_studies()).input());
  const std::uintmax_t blank = picture_bytes(browser_.path("blank.html"), "blank.png");
  ASSERT_GT(blank, 0U) << "Chromium made no picture";
  EXPECT_GT(picture_bytes(browser_.path("report.html"), "report.png"), 5 * blank);
}

TEST_F(ReportBrowser, ShowsTheRealExternalLeaderboard) {
  if (!golden_logs_exist("v05_external")) GTEST_SKIP() << "../shared/golden/scoring is not there";
  const GoldenLogs& logs = golden_logs("v05_external");
  const nlohmann::json& official = logs.expected["cases"][0]["params"];
  ScoreOptions options;
  options.submissions = official["submissions"].get<std::vector<std::string>>();
  options.profile.base_workloads = official["base_workloads"].get<std::vector<std::string>>();
  options.profile.held_out = official["held_out_workloads"].get<std::vector<std::string>>();
  options.time_to_target.expected_studies = {0, 1, 2, 3, 4};
  options.trials_per_study = 5;
  std::vector<TrialResult> trials = logs.trials;
  std::erase_if(trials, [&](const TrialResult& trial) {
    return std::find(options.submissions.begin(), options.submissions.end(), trial.spec.submission) ==
           options.submissions.end();
  });
  const MadeUpReport report = full_report(std::move(trials), options);
  if (const char* kept = std::getenv("TIMETRIAL_KEEP_REPORT")) write_report(kept, report.input());
  EXPECT_LT(render_report(report.input()).size(), 15000000U);
  const nlohmann::json probe = examine(report, 1280);
  ASSERT_FALSE(probe.is_null());
  EXPECT_EQ(chart_called(probe, "Scores with intervals")["traces"], 1);
  EXPECT_EQ(probe["heat"], 11 * 14);
  EXPECT_EQ(probe["matrix"], 11 * 11);
  EXPECT_GT(probe["void"], 0);
  EXPECT_GT(probe["absent"], 0);
}

}  // namespace
}  // namespace timetrial
