#include "results/exchange/plain_name.h"

#include <algorithm>
#include <cstdint>

namespace timetrial {

namespace {

// How many bytes the first character takes; 0: it is no UTF-8 (overlong forms and surrogates included).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xC2 && first < 0xE0   ? 2
                           : (first & 0xF0) == 0xE0        ? 3
                           : first >= 0xF0 && first < 0xF5 ? 4
                                                           : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool surrogate = first == 0xED && byte(1) >= 0xA0;
  const bool too_large = first == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : size;
}

}  // namespace

bool is_utf8_text(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool is_plain_text(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  const auto is_control = [](char letter) { return static_cast<uint8_t>(letter) < 0x20 || letter == 0x7F; };
  return !text.empty() && text.size() <= kLongest && std::none_of(text.begin(), text.end(), is_control) &&
         is_utf8_text(text);
}

bool is_plain_name(std::string_view text) {
  return is_plain_text(text) && text.find('/') == std::string_view::npos && text != "." && text != "..";
}

}  // namespace timetrial
