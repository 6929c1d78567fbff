#include "results/report/report_trials.h"

#include <algorithm>
#include <limits>
#include <set>

#include "results/report/report_curve.h"

namespace timetrial {

namespace {

using Json = nlohmann::ordered_json;

Json hyperparameters_json(const HyperparameterMap& hyperparameters) {
  Json json = Json::object();
  for (const auto& [name, value] : hyperparameters) {
    json[name] = std::visit([](const auto& alternative) { return Json(alternative); }, value);
  }
  return json;
}

bool is_better(const TrialLine& line, const TrialLine& other, MetricGoal goal) {
  if (std::isnan(line.best_metric) || std::isnan(other.best_metric)) return std::isnan(other.best_metric);
  return goal == MetricGoal::minimize ? line.best_metric <= other.best_metric
                                      : line.best_metric >= other.best_metric;
}

// Indices of the trials that speak for their studies: the scored one, and where no trial reached the target
// the one with the best metric. Of re-runs the last.
std::set<std::size_t> leading_trials(const ReportInput& input) {
  std::map<std::tuple<std::string, std::string, int64_t>, std::size_t> best;
  for (std::size_t i = 0; i < input.lines.size(); ++i) {
    const TrialLine& line = input.lines[i];
    const auto [place, is_new] = best.try_emplace({line.submission, line.workload, line.study}, i);
    if (is_new) continue;
    if (is_better(line, input.lines[place->second], input.trials[i].spec.target.goal)) place->second = i;
  }
  for (std::size_t i = 0; i < input.lines.size(); ++i) {
    const TrialLine& line = input.lines[i];
    const auto row = input.score.studies.find(line.submission);
    if (row == input.score.studies.end()) continue;
    const auto cell = row->second.find(line.workload);
    if (cell == row->second.end()) continue;
    for (const StudyTime& study : cell->second) {
      if (study.study == line.study && study.trial == line.trial) {
        best[{line.submission, line.workload, line.study}] = i;
      }
    }
  }
  std::set<std::size_t> leading;
  for (const auto& [place, index] : best) leading.insert(index);
  return leading;
}

Json curve_json(const TrialResult& trial) {
  Json seconds = Json::array();
  Json steps = Json::array();
  Json values = Json::array();
  const std::vector<double> all = validation_values(trial);
  for (const std::size_t i : drawn_evaluations(trial, kMostCurvePoints)) {
    seconds.push_back(number_json(rounded_for_drawing(trial.evaluations[i].submission_seconds)));
    steps.push_back(trial.evaluations[i].step);
    // A gap in the line: the charting library draws none for null.
    values.push_back(std::isfinite(all[i]) ? Json(rounded_for_drawing(all[i])) : Json(nullptr));
  }
  return {seconds, steps, values};
}

// Counts equal facts, in the order they are met first.
class FactList {
 public:
  void add(const Json& facts) {
    for (Json& entry : list_) {
      if (entry["facts"] != facts) continue;
      entry["count"] = entry["count"].get<int64_t>() + 1;
      return;
    }
    list_.push_back({{"facts", facts}, {"count", 1}});
  }
  const Json& list() const { return list_; }

 private:
  Json list_ = Json::array();
};

Json median_overhead(std::vector<double> overheads) {
  if (overheads.empty()) return nullptr;
  return number_json(median_of(std::move(overheads)));
}

Json interruptions_json(const TrialResult& trial) {
  Json json = Json::array();
  for (const InterruptionRecord& record : trial.interruptions)
    json.push_back(to_string(record.kind) + " at step " + std::to_string(record.step) + ": " +
                   record.message);
  return json;
}

}  // namespace

Json trials_json(const ReportInput& input) {
  const std::set<std::size_t> leading = leading_trials(input);
  Json json;
  json["columns"] = {
      "id",      "submission", "workload", "study",  "trial",         "seed",      "state",
      "message", "steps",      "seconds",  "best",   "hit",           "leads",     "hyperparameters",
      "point",   "resumes",    "warnings", "memory", "device_memory", "isolation", "interruptions"};
  json["rows"] = Json::array();
  for (std::size_t i = 0; i < input.trials.size(); ++i) {
    const TrialResult& trial = input.trials[i];
    const TrialLine& line = input.lines.at(i);
    const std::optional<Hit> hit = first_hit(trial, trial.spec.target, TimeAxis::submission_seconds);
    const bool ended = !trial.outcome.empty();
    json["rows"].push_back(
        {line.id,
         line.submission,
         line.workload,
         line.study,
         line.trial,
         std::to_string(line.seed),  // JavaScript's numbers end at 2^53
         line.state,
         line.message,
         line.steps,
         number_json(rounded_for_drawing(line.seconds)),
         number_json(rounded_for_drawing(line.best_metric)),
         number_json(hit ? rounded_for_drawing(hit->time) : std::numeric_limits<double>::infinity()),
         leading.count(i),
         hyperparameters_json(trial.spec.hyperparameters),
         trial.spec.hyperparameter_source,
         trial.starts.empty() ? 0 : std::ssize(trial.starts) - 1,
         trial.warnings,
         ended ? trial.outcome.front().peak_memory_bytes : 0,
         ended ? trial.outcome.front().peak_device_memory_bytes : 0,
         line.isolation,
         interruptions_json(trial)});
  }
  return json;
}

Json curves_json(const ReportInput& input) {
  Json json = Json::array();
  for (const TrialResult& trial : input.trials) json.push_back(curve_json(trial));
  return json;
}

Json records_json(const ReportInput& input) {
  FactList machines, builds, submissions, rules, data_sets, fingerprints;
  std::vector<double> overheads;
  for (const TrialResult& trial : input.trials) {
    const TrialSpec& spec = trial.spec;
    submissions.add({{"submission", spec.submission}, {"sha256", spec.submission_sha256}});
    rules.add({{"ruleset", spec.ruleset + " version " + std::to_string(spec.ruleset_version)},
               {"benchmark", spec.benchmark},
               {"tier", spec.tier},
               {"hardware class", spec.hardware_class}});
    for (const StartRecord& start : trial.starts) {
      if (!start.machine.empty()) machines.add(start.machine);
      if (!start.provenance.empty()) builds.add(start.provenance);
      if (!start.data_set_id.empty()) data_sets.add(start.data_set_id);
      if (!start.fingerprint.empty()) {
        fingerprints.add(
            {{"workload", full_workload_name(spec) + ", " + spec.tier}, {"fingerprint", start.fingerprint}});
      }
      // Imported logs do not tell.
      if (start.timer_overhead_seconds > 0) overheads.push_back(start.timer_overhead_seconds);
    }
  }
  return {{"machines", machines.list()},
          {"builds", builds.list()},
          {"submissions", submissions.list()},
          {"rules", rules.list()},
          {"data_sets", data_sets.list()},
          {"fingerprints", fingerprints.list()},
          {"timer_overhead_seconds", median_overhead(std::move(overheads))}};
}

}  // namespace timetrial
