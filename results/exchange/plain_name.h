#pragma once

// Names that come from files of others: they end up in tables, reports and paths.

#include <string_view>

namespace timetrial {

// Valid UTF-8 without control characters, 1 to 200 bytes.
bool is_plain_text(std::string_view text);

// A plain text that is also one component of a path: no slash, not "." or "..".
bool is_plain_name(std::string_view text);

}  // namespace timetrial
