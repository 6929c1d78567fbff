#pragma once

// One HTML file that holds everything: charts, tables, machines, the charting library. Needs no network.

#include <filesystem>
#include <string>
#include <vector>

#include "results/measurement.h"
#include "results/score.h"
#include "results/trial_list.h"

namespace timetrial {

struct ReportInput {
  std::string title;  // "demo, 2026-11-22"
  const std::vector<TrialResult>& trials;
  const std::vector<TrialLine>& lines;  // list_trials(trials)
  const Score& score;
};

// The data that report_page.js draws from, as JSON. Numbers that JSON lacks are the texts "nan", "inf",
// "-inf".
std::string report_data(const ReportInput& input);

std::string render_report(const ReportInput& input);

// Writes FILE.partial and renames it. Throws UserError when it cannot be written.
void write_report(const std::filesystem::path& file, const ReportInput& input);

}  // namespace timetrial
