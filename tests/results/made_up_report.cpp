#include "made_up_report.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "made_up_trials.h"
#include "results/scoring/special_values.h"
#include "results/tables/score_table.h"

namespace timetrial {

namespace {

constexpr double kHalfWidth = 0.06;

double score_of(const Score& score, const std::string& name) {
  return score.profile.scores.at(name).value_or(0);
}

std::optional<Interval> range_of(const std::vector<StudyTime>& studies) {
  if (studies.size() < 2) return std::nullopt;
  Interval range{kInfinity, 0};
  for (const StudyTime& study : studies) {
    range.low = std::min(range.low, study.time);
    range.high = std::max(range.high, study.time);
  }
  return range;
}

Uncertainty made_up_uncertainty(const Score& score) {
  Uncertainty uncertainty;
  const std::vector<std::string> ranked = ranking(score);
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const std::string& name = ranked[i];
    const double value = score_of(score, name);
    uncertainty.scores[name] = Interval{std::max(value - kHalfWidth, 0.0), std::min(value + kHalfWidth, 1.0)};
    const auto rank = static_cast<double>(i + 1);
    uncertainty.ranks[name] =
        Interval{std::max(rank - 1, 1.0), std::min(rank + 1, static_cast<double>(ranked.size()))};
    for (const double height : score.profile.rho.at(name)) {
      uncertainty.rho[name].push_back(
          {std::max(height - 2 * kHalfWidth, 0.0), std::min(height + 2 * kHalfWidth, 1.0)});
    }
    for (const auto& [workload, studies] : score.studies.at(name)) {
      uncertainty.time_to_target[name][workload] = range_of(studies);
    }
    for (const std::string& other : ranked) {
      const double difference = value - score_of(score, other);
      uncertainty.better[name][other] = 0.5 * (1 + std::erf(difference / (2 * kHalfWidth)));
    }
  }
  uncertainty.notes = {"these intervals are made up for a test"};
  return uncertainty;
}

TuningSensitivity made_up_sensitivity(const std::map<int64_t, std::vector<double>>& times) {
  TuningSensitivity sensitivity;
  double best = kInfinity;
  for (auto [study, of_study] : times) {
    std::sort(of_study.begin(), of_study.end());
    const auto hits =
        std::count_if(of_study.begin(), of_study.end(), [](double time) { return std::isfinite(time); });
    sensitivity.studies.push_back(
        {study, std::ssize(of_study), hits, of_study.front(), median_of(of_study), of_study.back()});
    best = std::min(best, of_study.front());
  }
  for (int64_t k = 1; k <= 4; ++k) {
    const double more = 1 + 0.5 / static_cast<double>(k);
    sensitivity.after_trials.push_back(
        {k, 1 - std::pow(0.4, static_cast<double>(k)),
         std::isfinite(best) ? std::optional<double>(best * more) : std::nullopt,
         k > 1 ? best * more : kInfinity});
  }
  return sensitivity;
}

SensitivityTable made_up_sensitivities(const std::vector<TrialResult>& trials) {
  std::map<std::pair<std::string, std::string>, std::map<int64_t, std::vector<double>>> times;
  for (const TrialResult& trial : trials) {
    const auto hit = first_hit(trial, trial.spec.target, TimeAxis::submission_seconds);
    times[{trial.spec.submission, full_workload_name(trial.spec)}][trial.spec.study].push_back(
        hit ? hit->time : kInfinity);
  }
  SensitivityTable table;
  for (const auto& [place, of_place] : times) {
    table[place.first][place.second] = made_up_sensitivity(of_place);
  }
  return table;
}

}  // namespace

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
        if (!curve.empty())
          trial.step_times.push_back({50, 0.5, 0, 20, 40, 0, 10 + speed, 0.25, 70.75 + speed});
        const auto grown = static_cast<int64_t>(1e8 * (speed + 1));
        trial.memory = {{"caching",
                         true,
                         4 * grown,
                         0,
                         {{"startup", {grown, grown / 2, 0}},
                          {"training", {3 * grown, 2 * grown, 0}},
                          {"evaluation", {2 * grown, grown, 0}}}}};
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

ReportInput MadeUpReport::input() const {
  return {"demo", "0.1.0 (abc)", "2026-11-22 19:06", trials,           lines,
          score,  uncertainty,   sensitivity,        null_measurements};
}

MadeUpReport plain_report(std::vector<TrialResult> trials, const ScoreOptions& options) {
  MadeUpReport report;
  report.trials = std::move(trials);
  report.lines = list_trials(report.trials);
  report.score = compute_score(report.trials, options);
  return report;
}

MadeUpReport full_report(std::vector<TrialResult> trials, const ScoreOptions& options) {
  MadeUpReport report = plain_report(std::move(trials), options);
  report.uncertainty = made_up_uncertainty(report.score);
  report.sensitivity = made_up_sensitivities(report.trials);
  NullMeasurement measurement;
  measurement.device = "cpu";
  measurement.machine = {{"host", "node1"}};
  measurement.seconds = {{"step", 1e-7}, {"journal_record", 0.002}, {"worker", 1.5}};
  report.null_measurements = {measurement};
  return report;
}

}  // namespace timetrial
