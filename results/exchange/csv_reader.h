#pragma once

// RFC 4180 CSV, as a stream of records over a text in memory: quoted cells, doubled quotes, line breaks
// within quotes, CRLF, a byte order mark. Blank lines are passed over. Nothing is copied but quoted cells.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

class CsvReader {
 public:
  // `text` must outlive the reader. `name` is the file's, for messages.
  CsvReader(std::string_view text, std::string name);

  // Moves to the next record; false at the end. Throws UserError for a quote that is never closed: the file
  // cannot be read from there on.
  bool next();

  const std::vector<std::string_view>& cells() const { return cells_; }  // valid until next()
  int64_t line() const { return line_; }                                 // where the record begins, from 1
  std::string where() const { return name_ + ":" + std::to_string(line_); }
  const std::string& name() const { return name_; }

 private:
  void split(std::string_view line);
  void read_quoted_record();
  std::string_view read_cell();
  std::string_view read_quoted_cell();

  std::string_view text_;
  std::string name_;
  std::size_t place_ = 0;
  int64_t line_ = 0;
  int64_t next_line_ = 1;
  std::vector<std::string_view> cells_;
  std::deque<std::string> unquoted_;
};

// Which column bears which name. The first of two columns of the same name counts.
class CsvHeader {
 public:
  static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

  explicit CsvHeader(const std::vector<std::string_view>& cells) : names_(cells.begin(), cells.end()) {}

  std::size_t find(std::string_view name) const;
  std::size_t require(std::string_view name, const std::string& file) const;  // throws UserError
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

}  // namespace timetrial
