#pragma once

#include <filesystem>

#include "harness/cli/scored_results.h"

namespace timetrial {

// `numbers`: folder for the CSV files behind the figures; "" = none.
void write_report_file(const ScoredResults& scored, const std::filesystem::path& file,
                       const std::filesystem::path& numbers = {});

}  // namespace timetrial
