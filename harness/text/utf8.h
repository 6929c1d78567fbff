#pragma once

// Text as UTF-8 (RFC 3629), without LibTorch.

#include <cstdint>
#include <string_view>

namespace timetrial {

// Bytes of the character that `text` starts with; 0 when it is empty or does not start with a well-formed one
// (cut off, overlong, a surrogate, beyond U+10FFFF).
int utf8_character_bytes(std::string_view text);

bool is_utf8(std::string_view text);

// Of well-formed text.
int64_t count_characters(std::string_view text);

}  // namespace timetrial
