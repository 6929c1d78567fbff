#pragma once

// Aligned columns for the terminal.

#include <cstddef>
#include <string>
#include <vector>

namespace timetrial {

struct TableColumn {
  std::string title;
  bool right = false;  // numbers stand right
};

// Every row has one cell per column. Wide characters of East Asian scripts may misalign; Greek, arrows and
// infinity signs do not.
std::string render_table(const std::vector<TableColumn>& columns,
                         const std::vector<std::vector<std::string>>& rows);

}  // namespace timetrial
