#include "results/report.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"
#include "made_up_trials.h"

namespace timetrial {
namespace {

// Six submissions on two workloads with learning curves of different speeds; one submission crashes, one
// trial of another diverges, one is interrupted, one is resumed.
std::vector<TrialResult> a_whole_sweep() {
  std::vector<TrialResult> trials;
  const std::vector<std::pair<std::string, double>> speeds = {
      {"adamw", 4.0}, {"nadamw", 3.2}, {"sgd", 8.5}, {"schedule_free", 2.6}, {"crashing", 0}, {"lion", 5.5}};
  for (const auto& [submission, speed] : speeds) {
    for (const std::string workload : {"criteo1tb", "mnist"}) {
      for (int64_t place = 0; place < 4; ++place) {
        const double time_constant = speed * (1 + 0.3 * static_cast<double>(place));
        std::vector<std::pair<double, double>> curve;
        for (double seconds = 0.02; seconds < 20 && speed > 0; seconds += 1.01) {
          const double progress = 1 - std::exp(-seconds / time_constant);
          curve.emplace_back(seconds, 0.1 + 0.86 * progress + 0.004 * std::sin(11 * seconds + time_constant));
          if (curve.back().second >= 0.9) break;
        }
        TrialResult trial = made_up_trial({submission, workload, place / 2, place % 2}, curve);
        trial.id = std::ssize(trials) + 1;
        trial.spec.hyperparameters["learning_rate"] = 0.001 * std::pow(3.0, static_cast<double>(place));
        if (!curve.empty() && curve.back().second >= 0.9)
          trial.outcome.front().outcome = Outcome::target_reached;
        if (submission == "crashing") {
          trial.outcome.front().outcome = Outcome::crashed;
          trial.outcome.front().message = "the worker died of signal 11 (segmentation fault) inside update";
        }
        trials.push_back(std::move(trial));
      }
    }
  }
  trials[17].outcome.clear();
  trials[18].outcome.front().outcome = Outcome::diverged;
  trials[18].evaluations.back().metrics["validation/accuracy"] = std::numeric_limits<double>::quiet_NaN();
  trials[2].starts.push_back(made_up_start(1500));
  trials[2].warnings = {"the submission read a value back from the device in 300 of 300 steps"};
  return trials;
}

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

TEST(Report, HoldsDataThatReadsBackAsWritten) {
  const std::vector<TrialResult> trials = a_whole_sweep();
  const Score score = compute_score(trials, options_for(2, 2));
  const std::string page = render_report({"demo", trials, list_trials(trials), score});
  const auto data = nlohmann::json::parse(
      text_between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
  ASSERT_EQ(data["trials"].size(), trials.size());
  EXPECT_EQ(data["trials"][0]["curve"]["seconds"][3].get<double>(),
            trials[0].evaluations[3].submission_seconds);
  EXPECT_EQ(data["trials"][0]["seed"], "12345678901234567");
  EXPECT_EQ(data["scores"]["adamw"].get<double>(), *score.profile.scores.at("adamw"));
  EXPECT_EQ(data["time_to_target"]["crashing"]["mnist"], "inf");
  EXPECT_EQ(data["trials"][17]["state"], "interrupted");
  EXPECT_TRUE(data["trials"][18]["curve"]["values"].back().is_null());
  EXPECT_EQ(data["ranking"][0], "schedule_free");
}

TEST(Report, NeedsNothingFromTheNetwork) {
  const std::vector<TrialResult> trials = a_whole_sweep();
  const Score score = compute_score(trials, {});
  std::string page = render_report({"demo", trials, list_trials(trials), score});
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
  const Score score = compute_score(trials, {});
  const std::string page =
      render_report({"</title><script>alert(2)</script>", trials, list_trials(trials), score});
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<b>adamw"), std::string::npos);
  const auto data = nlohmann::json::parse(
      text_between(page, "<script type=\"application/json\" id=\"data\">", "</script>"));
  EXPECT_EQ(data["trials"][0]["submission"], "<b>adamw</b>");
  EXPECT_EQ(data["title"], "</title><script>alert(2)</script>");
}

TEST(Report, IsWrittenWholeOrNotAtAll) {
  const TemporaryDirectory directory;
  const std::vector<TrialResult> trials = a_whole_sweep();
  const Score score = compute_score(trials, options_for(2, 2));
  const std::vector<TrialLine> lines = list_trials(trials);
  const ReportInput input{"demo, 22 November", trials, lines, score};
  write_report(directory / "report.html", input);
  std::ostringstream written;
  written << std::ifstream(directory / "report.html").rdbuf();
  EXPECT_EQ(written.str(), render_report(input));
  EXPECT_FALSE(std::filesystem::exists(directory / "report.html.partial"));
  EXPECT_THROW(write_report(directory / "absent" / "report.html", input), UserError);
}

}  // namespace
}  // namespace timetrial
