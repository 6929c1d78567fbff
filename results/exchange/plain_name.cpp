#include "results/exchange/plain_name.h"

#include <algorithm>
#include <cstdint>

#include "harness/text/utf8.h"

namespace timetrial {

bool is_plain_text(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  const auto is_control = [](char letter) { return static_cast<uint8_t>(letter) < 0x20 || letter == 0x7F; };
  return !text.empty() && text.size() <= kLongest && std::none_of(text.begin(), text.end(), is_control) &&
         is_utf8(text);
}

bool is_plain_name(std::string_view text) {
  return is_plain_text(text) && text.find('/') == std::string_view::npos && text != "." && text != "..";
}

}  // namespace timetrial
