#pragma once

// Small Criteo files for tests.

#include <filesystem>
#include <string>

#include "../temporary_folder.h"

namespace timetrial {

// A well-formed row, different for every number.
inline std::string criteo_row(int number) {
  std::string row = std::to_string(number % 2);
  for (int i = 0; i < 13; ++i) row += '\t' + std::to_string((number * 7 + i * 13) % 5000 - 3);
  for (int i = 0; i < 26; ++i) {
    char field[16];
    std::snprintf(field, sizeof(field), "\t%08x", static_cast<unsigned>(number * 31 + i));
    row += field;
  }
  return row + "\n";
}

// Rows [first, first + count).
inline std::string criteo_rows(int first, int count) {
  std::string rows;
  for (int i = 0; i < count; ++i) rows += criteo_row(first + i);
  return rows;
}

// Row 5 of 40 columns with one field replaced; column 0 is the label.
inline std::string criteo_row_with(int column, const std::string& field) {
  std::string row = criteo_row(5);
  size_t begin = 0;
  for (int i = 0; i < column; ++i) begin = row.find('\t', begin) + 1;
  const size_t end = row.find_first_of("\t\n", begin);
  return row.replace(begin, end - begin, field);
}

}  // namespace timetrial
