#include "results/tables/score_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "results/scoring/speedup.h"
#include "results/tables/json_number.h"

namespace timetrial {

namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json by_name(const std::map<std::string, Value>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = number_json(value);
  return json;
}

template <typename Value>
Json by_two_names(const std::map<std::string, std::map<std::string, Value>>& values) {
  Json json = Json::object();
  for (const auto& [name, row] : values) json[name] = by_name(row);
  return json;
}

Json intervals_json(const Uncertainty& uncertainty) {
  Json json;
  json["level"] = uncertainty.options.level;
  json["replicates"] = uncertainty.options.replicates;
  json["seed"] = uncertainty.options.seed;
  json["scores"] = by_name(uncertainty.scores);
  json["ranks"] = by_name(uncertainty.ranks);
  json["time_to_target"] = by_two_names(uncertainty.time_to_target);
  json["rho"] = Json::object();
  for (const auto& [submission, band] : uncertainty.rho) {
    json["rho"][submission] = Json::array();
    for (const Interval& interval : band) json["rho"][submission].push_back(number_json(interval));
  }
  json["better"] = by_two_names(uncertainty.better);
  json["notes"] = uncertainty.notes;
  return json;
}

Json speedups_json(const Score& score) {
  Json json = Json::object();
  for (const auto& [submission, speedup] : speedups_over(score.reference, score)) {
    json[submission] = {{"geometric_mean", number_json(speedup.geometric_mean)},
                        {"workloads", by_name(speedup.by_workload)}};
  }
  return json;
}

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string score_json(const Score& score, const Uncertainty& uncertainty) {
  Json json;
  json["scores"] = by_name(score.profile.scores);
  json["time_to_target"] = by_two_names(score.time_to_target);
  json["profile"]["tau"] = score.profile.tau;
  json["profile"]["rho"] = Json::object();
  for (const auto& [submission, heights] : score.profile.rho) json["profile"]["rho"][submission] = heights;
  if (!uncertainty.scores.empty()) json["intervals"] = intervals_json(uncertainty);
  if (!score.reference.empty()) json["speedups"] = speedups_json(score);
  json["notes"] = score.notes;
  return text_of(json);
}

std::string score_options_json(const ScoreOptions& options, const std::string& ruleset) {
  const TimeToTargetOptions& times = options.time_to_target;
  const ProfileOptions& profile = options.profile;
  Json json;
  json["ruleset"] = ruleset;
  json["trials-of"] = options.hits.ruleset;
  json["submissions"] = options.submissions;
  json["workloads"] = profile.base_workloads;
  json["held-out"] = profile.held_out;
  json["target"] = by_name(options.hits.validation_targets);
  json["budget"] = by_name(options.hits.budgets);
  json["studies"] = options.studies;
  json["expected-studies"] = times.expected_studies;
  json["trial-choice"] = times.trial_choice == TrialChoice::time ? "time" : "eval-index";
  json["ties"] = times.ties == TieBreak::last ? "last" : "first";
  json["missing-study"] = times.missing_study == MissingStudy::infinite ? "inf" : "skip";
  json["axis"] = options.hits.axis == TimeAxis::steps ? "steps" : "seconds";
  json["cutoff-factor"] = number_json(profile.cutoff_factor);
  json["tau-min"] = number_json(profile.tau_min);
  json["tau-max"] = profile.tau_max ? number_json(*profile.tau_max) : Json("auto");
  json["tau-points"] = profile.tau_points;
  json["tau-scale"] = profile.log_tau ? "log" : "linear";
  json["reference"] = profile.reference_submission;
  json["mix-hardware-classes"] = options.mix_hardware_classes;
  return text_of(json);
}

}  // namespace timetrial
