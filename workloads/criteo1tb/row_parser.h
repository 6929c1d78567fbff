#pragma once

// One row of a Criteo day file: label, 13 integers, 26 categories, separated by tabs. An empty field or "-1"
// is a missing value.
//   label     0 when missing
//   integer   ln(max(x, 0) + 1) in float32, x = 0 when missing
//   category  Fingerprint64 of the field followed by its decimal column number ("00000000" when missing),
//   modulo the
//             column's vocabulary, cast to float32 (which rounds ids above 2^24, as the definition does)

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace timetrial {

inline constexpr int kCriteoIntegers = 13;
inline constexpr int kCriteoCategories = 26;
inline constexpr int kCriteoInputs = kCriteoIntegers + kCriteoCategories;
inline constexpr int kCriteoColumns = 1 + kCriteoInputs;

inline constexpr std::array<uint64_t, kCriteoCategories> kCriteoVocabulary = {
    39884406, 39043, 17289, 7420, 20263, 3,  7120,     1543,     63,       38532951, 2953546, 403346, 10,
    2208,     11938, 155,   4,    976,   14, 39979771, 25641295, 39664984, 585935,   12972,   108,    36};

// Where bytes come from, for error messages.
struct RowOrigin {
  std::filesystem::path file;
  int64_t byte_offset = 0;  // of the first byte parsed
};

// The id of a category field in column `column` (0-25).
uint64_t criteo_category_id(std::string_view field, int column);

// Parses complete lines; the last one may lack its newline. Writes 39 values a row to `inputs` and one to
// `labels`, which must have room for as many rows as `bytes` has lines. Returns the number of rows. Throws
// UserError with file, line, value and cure for a row that does not have 40 columns, a label other than 0 and
// 1, a field that is no integer, a NUL byte, Windows line ends, and a file that ends inside a row.
int64_t parse_criteo_rows(std::string_view bytes, const RowOrigin& origin, float* inputs, float* labels);

}  // namespace timetrial
