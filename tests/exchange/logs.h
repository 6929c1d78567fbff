#pragma once

// Made-up logs in AlgoPerf's layout, and small rules to import them by.

#include <filesystem>
#include <string>
#include <vector>

#include "results/exchange/import_rules.h"

namespace timetrial {

// ogbg: loss, target 0.5 (test 0.6), 100 s, one evaluation every 10 s; mnist: accuracy, target 0.9.
ImportRules small_rules();

// eval_measurements.csv with rows of (step, seconds, validation loss).
struct LoggedRow {
  int step;
  double seconds;
  std::string loss;
};
std::string evaluation_csv(const std::vector<LoggedRow>& rows);

// A trial directory with a table, and hparams.json, meta_data_0.json and flags_0.json.
void write_logged_trial(const std::filesystem::path& directory, const std::vector<LoggedRow>& rows);

void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace timetrial
