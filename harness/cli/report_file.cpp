#include "harness/cli/report_file.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "results/report.h"

namespace timetrial {

void write_report_file(const ScoredResults& scored, const std::filesystem::path& file) {
  const std::string title =
      fmt::format("{}, {:%Y-%m-%d %H:%M}", scored.ruleset, fmt::localtime(std::time(nullptr)));
  write_report(file, {title, scored.trials, scored.lines, scored.score});
}

}  // namespace timetrial
