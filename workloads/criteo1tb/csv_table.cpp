#include "workloads/criteo1tb/csv_table.h"

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

constexpr const char* kCure = "remove the cache folder of this package and prepare the data set again";

void split_fields(std::string_view line, std::vector<std::string_view>& out) {
  size_t from = 0;
  for (;;) {
    const size_t comma = line.find(',', from);
    const std::string_view field = line.substr(from, comma == std::string_view::npos ? comma : comma - from);
    out.push_back(field == "NA" ? std::string_view() : field);
    if (comma == std::string_view::npos) return;
    from = comma + 1;
  }
}

}  // namespace

CsvTable::CsvTable(const std::filesystem::path& file) : file_(file), text_(read_whole_file(file)) {
  const size_t quote = text_.find('"');
  if (quote != std::string::npos) {
    throw UserError({"the table has quoted fields", file.string(), "byte " + std::to_string(quote), kCure});
  }
  size_t line_number = 0;
  for (size_t from = 0; from < text_.size();) {
    size_t newline = text_.find('\n', from);
    if (newline == std::string::npos) newline = text_.size();
    std::string_view line = std::string_view(text_).substr(from, newline - from);
    if (line.ends_with('\r')) line.remove_suffix(1);
    from = newline + 1;
    ++line_number;
    if (line_number == 1) {
      split_fields(line, header_);
      columns_ = header_.size();
      continue;
    }
    const size_t before = fields_.size();
    split_fields(line, fields_);
    if (fields_.size() - before != columns_) {
      throw UserError({"a row does not have the " + std::to_string(columns_) + " columns of the header",
                       file.string() + ", line " + std::to_string(line_number),
                       std::to_string(fields_.size() - before) + " columns", kCure});
    }
  }
  if (header_.empty()) throw UserError({"the table is empty", file.string(), "", kCure});
}

size_t CsvTable::column(std::string_view name) const {
  for (size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == name) return i;
  }
  throw UserError({"the table has no such column", file_.string(), std::string(name), kCure});
}

}  // namespace timetrial
