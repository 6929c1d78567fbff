#include "results/store/drift_column.h"

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "results/scoring/reference_drift.h"

namespace timetrial {

namespace {

std::vector<ReferenceTimesRecord> measurements_of(Database& database, int64_t trial_id) {
  std::vector<ReferenceTimesRecord> measurements;
  Statement rows(database, "SELECT seconds FROM reference_times WHERE trial_id = ?1 ORDER BY ordinal");
  rows.bind(trial_id);
  while (rows.step()) {
    measurements.push_back({"", nlohmann::json::parse(rows.text(0)).get<std::map<std::string, double>>(), 0});
  }
  return measurements;
}

}  // namespace

void renew_drift_column(Database& database, int64_t trial_id, double allowed_drift) {
  const std::optional<bool> drifted = has_drifted(measurements_of(database, trial_id), allowed_drift);
  if (!drifted) return;
  Statement(database, "UPDATE trials SET drifted = ?2 WHERE id = ?1").bind(trial_id, int64_t{*drifted}).run();
}

}  // namespace timetrial
