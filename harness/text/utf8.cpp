#include "harness/text/utf8.h"

#include <algorithm>

namespace timetrial {
namespace {

bool continues(char byte) {
  return (static_cast<uint8_t>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

int utf8_character_bytes(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return 1;
  const int bytes = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (bytes == 0 || text.size() < static_cast<size_t>(bytes)) return 0;
  for (int i = 1; i < bytes; ++i) {
    if (!continues(text[static_cast<size_t>(i)])) return 0;
  }
  // The second byte tells overlong forms, surrogates and what is beyond the last character.
  const auto second = static_cast<uint8_t>(text[1]);
  const bool refused = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                       (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return refused ? 0 : bytes;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const int bytes = utf8_character_bytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(static_cast<size_t>(bytes));
  }
  return true;
}

int64_t count_characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); });
}

}  // namespace timetrial
