#pragma once

// The numbers behind every figure of the report, unrounded. Files and columns: results/report/README.md.

#include <filesystem>
#include <map>
#include <string>

#include "results/report/report.h"

namespace timetrial {

// File name -> text. "inf": not reached, empty: not known.
std::map<std::string, std::string> report_csv(const ReportInput& input);

// Writes them into `folder`, which is made. Throws UserError when one cannot be written.
void write_report_csv(const std::filesystem::path& folder, const ReportInput& input);

}  // namespace timetrial
