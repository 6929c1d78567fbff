#pragma once

// The tables of OGB's raw downloads: comma-separated numbers, a fixed number of columns, no header, no
// quotes. Lines end in \n or \r\n; the last one may go without.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace timetrial {

// All values row by row. Each is a decimal integer from `lowest` to `highest`. Throws UserError naming `file`
// and the line for anything else, also for an empty line and another number of columns.
std::vector<int32_t> parse_integer_rows(std::string_view text, int columns, int32_t lowest, int32_t highest,
                                        const std::string& file);

inline constexpr int8_t kMissingLabel = -1;

// Labels of binary tasks: 0, 1, 0.0, 1.0; nothing, nan or NaN is kMissingLabel. Errors as above.
std::vector<int8_t> parse_label_rows(std::string_view text, int columns, const std::string& file);

}  // namespace timetrial
