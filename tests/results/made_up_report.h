#pragma once

// What a report is made of, for tests: trials with their score, and uncertainty and sensitivity that are made
// up.

#include <string>
#include <vector>

#include "results/report/report.h"

namespace timetrial {

// Six submissions on two workloads with learning curves of different speeds; one submission crashes, one
// trial of another diverges, one is interrupted, one is resumed.
std::vector<TrialResult> a_whole_sweep();

// Owns what ReportInput refers to.
struct MadeUpReport {
  std::vector<TrialResult> trials;
  std::vector<TrialLine> lines;
  Score score;
  Uncertainty uncertainty;
  SensitivityTable sensitivity;
  std::vector<NullMeasurement> null_measurements;

  ReportInput input() const;
};

// Without uncertainty and sensitivity.
MadeUpReport plain_report(std::vector<TrialResult> trials, const ScoreOptions& options);

// With values that look like real ones: intervals around the scores, chances from their differences.
MadeUpReport full_report(std::vector<TrialResult> trials, const ScoreOptions& options);

}  // namespace timetrial
