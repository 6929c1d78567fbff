#include "results/score_json.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace timetrial {

namespace {

nlohmann::ordered_json time_json(const std::optional<double>& time) {
  if (!time) return nullptr;
  if (std::isinf(*time)) return "inf";
  return *time;
}

}  // namespace

std::string score_json(const Score& score) {
  nlohmann::ordered_json json;
  json["scores"] = nlohmann::ordered_json::object();
  for (const auto& [submission, value] : score.profile.scores) json["scores"][submission] = time_json(value);
  for (const auto& [submission, row] : score.time_to_target) {
    for (const auto& [workload, time] : row) json["time_to_target"][submission][workload] = time_json(time);
  }
  json["profile"]["tau"] = score.profile.tau;
  for (const auto& [submission, heights] : score.profile.rho) json["profile"]["rho"][submission] = heights;
  json["notes"] = score.notes;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace timetrial
