#include "harness/cli/report_file.h"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/version/version.h"
#include "results/report/report_csv.h"
#include "results/scoring/tuning_sensitivity.h"
#include "results/tables/trial_list.h"

namespace timetrial {

namespace {

// Of the submissions scored, with their curves.
std::vector<TrialResult> trials_shown(const ScoredResults& scored) {
  std::vector<TrialResult> trials = trials_behind(scored);
  const std::vector<std::string>& names = scored.score.submissions;
  std::erase_if(trials, [&](const TrialResult& trial) {
    return std::find(names.begin(), names.end(), trial.spec.submission) == names.end();
  });
  return trials;
}

}  // namespace

void write_report_file(const ScoredResults& scored, const std::filesystem::path& file,
                       const std::filesystem::path& numbers) {
  const std::string version = fmt::format("{} ({})", kVersion, kCommit);
  const std::string date = fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(std::time(nullptr)));
  const std::vector<TrialResult> trials = trials_shown(scored);
  const std::vector<TrialLine> lines = list_trials(trials, is_running);
  const SensitivityTable sensitivity = sensitivity_of(scored.score);
  const std::vector<NullMeasurement> null_measurements =
      Store::open_read_only(scored.file).null_measurements();
  const ReportInput input{
      scored.label, version,          date, trials, lines, scored.score, scored.uncertainty,
      sensitivity,  null_measurements};
  write_report(file, input);
  if (!numbers.empty()) write_report_csv(numbers, input);
}

}  // namespace timetrial
