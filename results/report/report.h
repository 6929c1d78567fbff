#pragma once

// One HTML file that holds everything: charts, tables, machines, the charting library. Needs no network.
// What it shows and the CSV files of the same numbers: results/report/README.md.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/journal/null_measurement.h"
#include "results/scoring/measurement.h"
#include "results/scoring/score.h"
#include "results/scoring/tuning_sensitivity.h"
#include "results/tables/trial_list.h"
#include "results/uncertainty/uncertainty.h"

namespace timetrial {

// `trials`: of the submissions in `score`, and of one ruleset.
struct ReportInput {
  std::string ruleset;  // "demo"
  std::string version;  // of timetrial, with the commit
  std::string date;     // "2026-11-22 19:06"
  const std::vector<TrialResult>& trials;
  const std::vector<TrialLine>& lines;  // list_trials(trials)
  const Score& score;
  const Uncertainty& uncertainty;       // may be empty: no intervals are shown then
  const SensitivityTable& sensitivity;  // may be empty
  const std::vector<NullMeasurement>& null_measurements;
};

// Curves longer than this are thinned in the page (the CSV files are not), see report_curve.h.
inline constexpr std::size_t kMostCurvePoints = 150;

// The data that the page draws from, as JSON. Numbers that JSON lacks are the texts "nan", "inf", "-inf".
std::string report_data(const ReportInput& input);

std::string render_report(const ReportInput& input);

// Writes FILE.partial and renames it. Throws UserError when it cannot be written.
void write_report(const std::filesystem::path& file, const ReportInput& input);

}  // namespace timetrial
