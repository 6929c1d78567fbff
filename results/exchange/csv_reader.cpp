#include "results/exchange/csv_reader.h"

#include <algorithm>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_carriage_return(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

bool CsvReader::next() {
  while (place_ < text_.size()) {
    line_ = next_line_;
    const std::size_t end = std::min(text_.find('\n', place_), text_.size());
    const std::string_view line = text_.substr(place_, end - place_);
    if (line.find('"') != std::string_view::npos) {
      read_quoted_record();
      return true;
    }
    place_ = end + 1;
    ++next_line_;
    const std::string_view contents = without_carriage_return(line);
    if (contents.empty()) continue;
    split(contents);
    return true;
  }
  return false;
}

void CsvReader::split(std::string_view line) {
  cells_.clear();
  for (;;) {
    const std::size_t comma = line.find(',');
    cells_.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

void CsvReader::read_quoted_record() {
  cells_.clear();
  unquoted_.clear();
  for (;;) {
    cells_.push_back(read_cell());
    if (place_ >= text_.size()) return;
    const char separator = text_[place_++];
    if (separator == ',') continue;
    ++next_line_;
    return;
  }
}

// Leaves place_ at the comma or line feed behind the cell, or at the end.
std::string_view CsvReader::read_cell() {
  if (place_ < text_.size() && text_[place_] == '"') return read_quoted_cell();
  const std::size_t end = std::min(text_.find_first_of(",\n", place_), text_.size());
  const std::string_view cell = text_.substr(place_, end - place_);
  place_ = end;
  return end < text_.size() && text_[end] == ',' ? cell : without_carriage_return(cell);
}

std::string_view CsvReader::read_quoted_cell() {
  std::string& cell = unquoted_.emplace_back();
  ++place_;
  for (;;) {
    const std::size_t quote = text_.find('"', place_);
    if (quote == std::string_view::npos) {
      place_ = text_.size();
      throw UserError({"a quote is never closed: the file cannot be read from here on", where(), "",
                       "close it, or double a quote that belongs to the text"});
    }
    const std::string_view part = text_.substr(place_, quote - place_);
    next_line_ += std::count(part.begin(), part.end(), '\n');
    cell += part;
    place_ = quote + 1;
    if (place_ < text_.size() && text_[place_] == '"') {
      cell += '"';
      ++place_;
      continue;
    }
    // What stands between the closing quote and the comma belongs to the cell, as most readers see it.
    const std::size_t end = std::min(text_.find_first_of(",\n", place_), text_.size());
    cell += without_carriage_return(text_.substr(place_, end - place_));
    place_ = end;
    return cell;
  }
}

std::size_t CsvHeader::find(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  return found == names_.end() ? kAbsent : static_cast<std::size_t>(found - names_.begin());
}

std::size_t CsvHeader::require(std::string_view name, const std::string& file) const {
  const std::size_t column = find(name);
  if (column != kAbsent) return column;
  throw UserError({"column \"" + std::string(name) + "\" is missing", file + ":1", "",
                   "add it; README.md lists the columns"});
}

}  // namespace timetrial
