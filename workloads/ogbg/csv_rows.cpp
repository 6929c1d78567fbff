#include "workloads/ogbg/csv_rows.h"

#include <charconv>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr const char* kCure = "copy or download this file again; it must be as OGB's ogbg-molpcba has it";
constexpr size_t kShownCharacters = 40;

class Rows {
 public:
  Rows(std::string_view text, int columns, const std::string& file)
      : text_(text), columns_(columns), file_(file) {}

  // Calls visit(field) for every field of every row.
  template <typename Visit>
  void for_each_field(Visit&& visit) {
    while (!text_.empty()) {
      ++line_;
      std::string_view row = text_.substr(0, text_.find('\n'));
      text_.remove_prefix(std::min(row.size() + 1, text_.size()));
      if (row.ends_with('\r')) row.remove_suffix(1);
      int found = 0;
      for (std::string_view rest = row;; ++found) {
        const size_t comma = rest.find(',');
        if (found < columns_) visit(rest.substr(0, comma));
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
      }
      if (++found != columns_) {
        fail("the line should have " + std::to_string(columns_) + " values", std::to_string(found));
      }
    }
  }

  [[noreturn]] void fail(const std::string& what, std::string_view value) const {
    throw UserError({what, file_ + ", line " + std::to_string(line_),
                     value.empty() ? "nothing" : std::string(value.substr(0, kShownCharacters)), kCure});
  }

 private:
  std::string_view text_;
  int columns_;
  const std::string& file_;
  int64_t line_ = 0;
};

}  // namespace

std::vector<int32_t> parse_integer_rows(std::string_view text, int columns, int32_t lowest, int32_t highest,
                                        const std::string& file) {
  std::vector<int32_t> values;
  Rows rows(text, columns, file);
  rows.for_each_field([&](std::string_view field) {
    int32_t value = 0;
    const char* end = field.data() + field.size();
    const auto [stop, error] = std::from_chars(field.data(), end, value);
    if (error != std::errc() || stop != end || value < lowest || value > highest) {
      rows.fail(
          "the value should be an integer from " + std::to_string(lowest) + " to " + std::to_string(highest),
          field);
    }
    values.push_back(value);
  });
  return values;
}

std::vector<int8_t> parse_label_rows(std::string_view text, int columns, const std::string& file) {
  std::vector<int8_t> labels;
  Rows rows(text, columns, file);
  rows.for_each_field([&](std::string_view field) {
    if (field.empty() || field == "nan" || field == "NaN") {
      labels.push_back(kMissingLabel);
    } else if (field == "0" || field == "0.0") {
      labels.push_back(0);
    } else if (field == "1" || field == "1.0") {
      labels.push_back(1);
    } else {
      rows.fail("a label should be 0, 1 or missing", field);
    }
  });
  return labels;
}

}  // namespace timetrial
