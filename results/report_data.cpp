#include <cmath>

#include <nlohmann/json.hpp>

#include "results/csv.h"
#include "results/report.h"
#include "results/score_table.h"

namespace timetrial {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  if (std::isfinite(value)) return value;
  return exact_number(value);
}

Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json table(const TimeTable& times) {
  Json json = Json::object();
  for (const auto& [submission, row] : times) {
    for (const auto& [workload, time] : row) json[submission][workload] = number(time);
  }
  return json;
}

Json profile_json(const Score& score) {
  Json json;
  json["tau"] = score.profile.tau;
  json["rho"] = score.profile.rho;
  return json;
}

Json hyperparameters_json(const HyperparameterMap& hyperparameters) {
  Json json = Json::object();
  for (const auto& [name, value] : hyperparameters) {
    json[name] = std::visit([](const auto& alternative) { return Json(alternative); }, value);
  }
  return json;
}

Json curve_json(const TrialResult& trial) {
  Json seconds = Json::array();
  Json steps = Json::array();
  Json values = Json::array();
  for (const EvaluationRecord& evaluation : trial.evaluations) {
    const auto found = evaluation.metrics.find("validation/" + trial.spec.target.metric);
    if (found == evaluation.metrics.end()) continue;
    seconds.push_back(number(evaluation.submission_seconds));
    steps.push_back(evaluation.step);
    // A gap in the line: the charting library draws none for null.
    values.push_back(std::isfinite(found->second) ? Json(found->second) : Json(nullptr));
  }
  return {{"seconds", seconds}, {"steps", steps}, {"values", values}};
}

Json clock_json(const ClockParts& clock) {
  return {{"submission", number(clock.submission)},
          {"evaluation", number(clock.evaluation)},
          {"startup", number(clock.startup)},
          {"checkpoint", number(clock.checkpoint)},
          {"logging", number(clock.logging)},
          {"residual", number(clock.residual)},
          {"wall", number(clock.wall)}};
}

Json attempts_json(const TrialResult& trial) {
  Json attempts = Json::array();
  for (const StartRecord& start : trial.starts) {
    attempts.push_back({{"machine", start.machine},
                        {"provenance", start.provenance},
                        {"data_set", start.data_set_id},
                        {"resumed_from_step", start.resumed_from_step},
                        {"lost_seconds", number(start.lost_seconds)},
                        {"timer_overhead_seconds", number(start.timer_overhead_seconds)}});
  }
  return attempts;
}

Json trial_json(const TrialResult& trial, const TrialLine& line) {
  const TrialSpec& spec = trial.spec;
  const std::optional<Hit> hit = first_hit(trial, spec.target, TimeAxis::submission_seconds);
  Json json = {{"id", line.id},
               {"submission", line.submission},
               {"sha256", spec.submission_sha256},
               {"workload", line.workload},
               {"tier", spec.tier},
               {"ruleset", spec.ruleset + " version " + std::to_string(spec.ruleset_version)},
               {"benchmark", spec.benchmark},
               {"hardware_class", spec.hardware_class},
               {"study", line.study},
               {"trial", line.trial},
               // As a text: JavaScript's numbers end at 2^53.
               {"seed", std::to_string(spec.seed)},
               {"state", line.state},
               {"message", line.message},
               {"steps", line.steps},
               {"seconds", number(line.seconds)},
               {"budget", number(spec.budget_seconds)},
               {"metric", spec.target.metric},
               {"minimize", spec.target.goal == MetricGoal::minimize},
               {"target", number(spec.target.validation)},
               {"best", number(line.best_metric)},
               {"time_to_target", number(hit ? hit->time : std::numeric_limits<double>::infinity())},
               {"hyperparameters", hyperparameters_json(spec.hyperparameters)},
               {"point", spec.hyperparameter_source},
               {"warnings", trial.warnings},
               {"curve", curve_json(trial)},
               {"attempts", attempts_json(trial)}};
  if (!trial.outcome.empty()) {
    json["clock"] = clock_json(trial.outcome.front().clock);
    json["peak_memory_bytes"] = trial.outcome.front().peak_memory_bytes;
    json["peak_device_memory_bytes"] = trial.outcome.front().peak_device_memory_bytes;
  }
  return json;
}

}  // namespace

std::string report_data(const ReportInput& input) {
  Json json;
  json["title"] = input.title;
  json["ranking"] = ranking(input.score);
  json["workloads"] = input.score.workloads;
  json["base_workloads"] = input.score.base_workloads;
  json["hardware_classes"] = input.score.hardware_classes;
  json["scores"] = Json::object();
  for (const auto& [submission, value] : input.score.profile.scores)
    json["scores"][submission] = number(value);
  json["time_to_target"] = table(input.score.time_to_target);
  json["qualified"] = table(input.score.profile.qualified);
  json["profile"] = profile_json(input.score);
  json["notes"] = input.score.notes;
  json["trials"] = Json::array();
  for (std::size_t i = 0; i < input.trials.size(); ++i) {
    json["trials"].push_back(trial_json(input.trials[i], input.lines.at(i)));
  }
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace timetrial
