#pragma once

// One row of RFC 4180 CSV, "\n" at its end: cells with commas, quotes or line breaks are quoted.

#include <string>
#include <vector>

namespace timetrial {

std::string csv_row(const std::vector<std::string>& cells);

// The shortest decimal text that reads back as the same double; "nan", "inf", "-inf".
std::string exact_number(double value);

}  // namespace timetrial
