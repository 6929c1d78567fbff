#pragma once

#include <filesystem>

#include "harness/cli/scored_results.h"

namespace timetrial {

void write_report_file(const ScoredResults& scored, const std::filesystem::path& file);

}  // namespace timetrial
