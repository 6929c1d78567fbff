#include "harness/cli/report_file.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "results/report.h"
#include "results/trial_list.h"

namespace timetrial {

void write_report_file(const ScoredResults& scored, const std::filesystem::path& file) {
  const std::string title =
      fmt::format("{}, {:%Y-%m-%d %H:%M}", scored.label, fmt::localtime(std::time(nullptr)));
  const std::vector<TrialResult> trials = trials_behind(scored);
  write_report(file, {title, trials, list_trials(trials, is_running), scored.score});
}

}  // namespace timetrial
