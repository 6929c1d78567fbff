#pragma once

// Our results as the tidy tables that import csv reads. Pure.

#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

struct TidyCsv {
  std::string evaluations;  // one row per evaluation and metric
  std::string trials;       // one row per trial, with its rules and outcome
};

// The trials that count in a score, numbers that read back as the same doubles. Throws UserError as
// trials_to_export does.
TidyCsv tidy_csv(const std::vector<TrialResult>& trials);

}  // namespace timetrial
