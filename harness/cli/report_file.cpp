#include "harness/cli/report_file.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/version/version.h"
#include "results/report_csv.h"

namespace timetrial {

void write_report_file(const ScoredResults& scored, const std::filesystem::path& file,
                       const std::filesystem::path& numbers) {
  const std::string version = fmt::format("{} ({})", kVersion, kCommit);
  const std::string date = fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(std::time(nullptr)));
  const ReportInput input{scored.ruleset,     version,           date,
                          scored.trials,      scored.lines,      scored.score,
                          scored.uncertainty, scored.sensitivity};
  write_report(file, input);
  if (!numbers.empty()) write_report_csv(numbers, input);
}

}  // namespace timetrial
