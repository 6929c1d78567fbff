#include "results/tables/csv.h"

#include <fmt/format.h>

namespace timetrial {

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    if (!row.empty() || &cell != &cells.front()) row += ',';
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      row += cell;
      continue;
    }
    row += '"';
    for (const char letter : cell) row += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    row += '"';
  }
  return row + "\n";
}

std::string exact_number(double value) {
  return fmt::format("{}", value);
}

}  // namespace timetrial
