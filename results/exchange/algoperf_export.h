#pragma once

// Our results in AlgoPerf's layout, so that its scorer reads them.

#include <filesystem>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

struct ExportSummary {
  std::size_t trials = 0;
  std::size_t evaluations = 0;
};

// Pure: eval_measurements.csv of a trial that has evaluations, AlgoPerf's columns, numbers that read back as
// the same doubles.
std::string algoperf_evaluations_csv(const TrialResult& trial);

// <directory>/<submission>/study_<k>/<workload>_<framework>/trial_<n>/ with eval_measurements.csv,
// hparams.json, meta_data_0.json, flags_0.json and, for the way back, timetrial.json (exported_identity.h). A
// trial without evaluations has no table, as with AlgoPerf. Its scorer therefore knows nothing of a trial
// that failed before its first evaluation, which counts as a miss with us.
//
// `directory` must be absent, empty, or an earlier export of some of these trials, which is then brought up
// to date. Each file is written whole or not at all. Throws UserError: another directory, full disk, no
// permission.
ExportSummary export_algoperf(const std::vector<TrialResult>& trials, const std::filesystem::path& directory);

}  // namespace timetrial
