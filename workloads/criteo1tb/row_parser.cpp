#include "workloads/criteo1tb/row_parser.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string>

#include <farmhash.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

constexpr std::string_view kMissingCategory = "00000000";
constexpr size_t kSuffixBytes = 2;  // column numbers have at most two digits

// A row that cannot be parsed; turned into a UserError once it is known where the row is.
struct RowFault {
  std::string what;
  std::string value;
  std::string cure;
};

[[noreturn]] void bad_row(std::string what, std::string value,
                          std::string cure = "restore this file from its source, or remove the row") {
  throw RowFault{std::move(what), std::move(value), std::move(cure)};
}

// ln(x + 1) of the small integers that make up most of the data.
const std::array<float, 1024>& small_logarithms() {
  static const auto table = [] {
    std::array<float, 1024> values{};
    for (size_t i = 0; i < values.size(); ++i) values[i] = std::log(static_cast<float>(i) + 1.0f);
    return values;
  }();
  return table;
}

float log_feature(int64_t value) {
  if (value <= 0) return 0.0f;
  const auto& table = small_logarithms();
  if (value < static_cast<int64_t>(table.size())) return table[static_cast<size_t>(value)];
  return std::log(static_cast<float>(value) + 1.0f);
}

// Reads an optional minus sign and up to 18 digits; an empty field is a missing value and reads as -1.
bool read_integer(const char* begin, const char* end, int64_t& value) {
  constexpr std::ptrdiff_t kMostDigits = 18;
  if (begin == end) {
    value = -1;
    return true;
  }
  const bool negative = *begin == '-';
  begin += negative;
  if (begin == end || end - begin > kMostDigits) return false;
  int64_t magnitude = 0;
  for (; begin != end; ++begin) {
    const unsigned digit = static_cast<unsigned char>(*begin) - static_cast<unsigned>('0');
    if (digit > 9) return false;
    magnitude = magnitude * 10 + static_cast<int64_t>(digit);
  }
  value = negative ? -magnitude : magnitude;
  return true;
}

[[noreturn]] void wrong_columns(std::string_view line, bool ends_in_newline) {
  const auto columns = 1 + std::count(line.begin(), line.end(), '\t');
  const std::string found = std::to_string(columns) + " columns";
  if (!ends_in_newline && columns < kCriteoColumns) {
    bad_row("the file ends in the middle of a row", found, "copy the whole file again");
  }
  bad_row("a row must have 40 tab-separated columns: label, 13 integers, 26 categories", found);
}

class LineParser {
 public:
  LineParser(std::string_view line, bool ends_in_newline)
      : line_(line),
        cursor_(line.data()),
        end_(line.data() + line.size()),
        ends_in_newline_(ends_in_newline) {}

  void parse(float* inputs, float* label) {
    *label = parse_label();
    for (int i = 0; i < kCriteoIntegers; ++i) inputs[i] = log_feature(parse_integer(i + 1));
    for (int i = 0; i < kCriteoCategories; ++i) {
      const std::string_view field = next_field(i + 1 == kCriteoCategories);
      inputs[kCriteoIntegers + i] = static_cast<float>(criteo_category_id(field, i));
    }
  }

 private:
  std::string_view next_field(bool last) {
    const char* begin = cursor_;
    const char* stop = begin;
    while (stop != end_ && *stop != '\t') ++stop;
    if ((stop == end_) != last) wrong_columns(line_, ends_in_newline_);
    cursor_ = stop + 1;
    return {begin, static_cast<size_t>(stop - begin)};
  }

  float parse_label() {
    const std::string_view field = next_field(false);
    int64_t value = 0;
    if (!read_integer(field.data(), field.data() + field.size(), value) || value < -1 || value > 1) {
      check_columns();
      bad_row("the label in column 1 is neither 0 nor 1", std::string(field));
    }
    return value == 1 ? 1.0f : 0.0f;
  }

  int64_t parse_integer(int column) {
    const std::string_view field = next_field(false);
    int64_t value = 0;
    if (!read_integer(field.data(), field.data() + field.size(), value)) {
      check_columns();
      bad_row("column " + std::to_string(column + 1) + " is not an integer", std::string(field));
    }
    return value;
  }

  // A row with a wrong number of columns is reported as that, whatever else its shifted fields look like.
  void check_columns() const {
    if (std::count(line_.begin(), line_.end(), '\t') != kCriteoColumns - 1)
      wrong_columns(line_, ends_in_newline_);
  }

  std::string_view line_;
  const char* cursor_;
  const char* end_;
  bool ends_in_newline_;
};

// Counted only when a row is wrong: the start of a batch is known as a byte, not as a line.
int64_t line_number(const std::filesystem::path& file, int64_t byte_offset) {
  std::ifstream stream(file, std::ios::binary);
  std::string block(size_t{1} << 20, '\0');
  int64_t line = 1;
  while (byte_offset > 0 && stream) {
    stream.read(block.data(), std::min<int64_t>(byte_offset, static_cast<int64_t>(block.size())));
    const auto count = stream.gcount();
    line += std::count(block.begin(), block.begin() + count, '\n');
    byte_offset -= count;
  }
  return line;
}

std::string shown(std::string value) {
  constexpr size_t kShown = 60;
  if (value.size() > kShown) value = value.substr(0, kShown) + "…";
  for (char& character : value) {
    if (static_cast<unsigned char>(character) < ' ') character = '?';
  }
  return value.empty() ? "an empty field" : value;
}

}  // namespace

uint64_t criteo_category_id(std::string_view field, int column) {
  if (field.empty() || field == "-1") field = kMissingCategory;
  char suffix[kSuffixBytes];
  size_t suffix_bytes = 0;
  if (column >= 10) suffix[suffix_bytes++] = static_cast<char>('0' + column / 10);
  suffix[suffix_bytes++] = static_cast<char>('0' + column % 10);

  const uint64_t vocabulary = kCriteoVocabulary[static_cast<size_t>(column)];
  char buffer[64];
  if (field.size() + suffix_bytes <= sizeof(buffer)) {
    std::memcpy(buffer, field.data(), field.size());
    std::memcpy(buffer + field.size(), suffix, suffix_bytes);
    return util::Fingerprint64(buffer, field.size() + suffix_bytes) % vocabulary;
  }
  std::string text(field);
  text.append(suffix, suffix_bytes);
  return util::Fingerprint64(text.data(), text.size()) % vocabulary;
}

int64_t parse_criteo_rows(std::string_view bytes, const RowOrigin& origin, float* inputs, float* labels) {
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  int64_t rows = 0;
  for (const char* line = begin; line != end; ++rows) {
    const auto* newline = static_cast<const char*>(std::memchr(line, '\n', static_cast<size_t>(end - line)));
    const char* line_end = newline != nullptr ? newline : end;
    const auto length = static_cast<size_t>(line_end - line);
    try {
      if (std::memchr(line, '\0', length) != nullptr) {
        bad_row("the row holds a NUL byte", "byte 0", "copy the file again: it was damaged on its way");
      }
      if (length > 0 && line_end[-1] == '\r') {
        bad_row("the row ends in a carriage return", "Windows line ends",
                "convert the file to Unix line ends");
      }
      LineParser(std::string_view(line, length), newline != nullptr)
          .parse(inputs + rows * kCriteoInputs, labels + rows);
    } catch (const RowFault& fault) {
      const int64_t number = line_number(origin.file, origin.byte_offset) + rows;
      throw UserError({fault.what, origin.file.string() + ", line " + std::to_string(number),
                       shown(fault.value), fault.cure});
    }
    line = newline != nullptr ? newline + 1 : end;
  }
  return rows;
}

}  // namespace timetrial
