#include "workloads/npz/quoted_bytes.h"

namespace timetrial {

std::string quoted_bytes(std::string_view bytes) {
  constexpr size_t kMostShown = 64;
  static const char* digits = "0123456789abcdef";
  std::string text = "'";
  for (const char byte : bytes.substr(0, kMostShown)) {
    const auto code = static_cast<unsigned char>(byte);
    if (code >= 0x20 && code < 0x7F) {
      text += byte;
    } else {
      text += "\\x";
      text += digits[code >> 4];
      text += digits[code & 15];
    }
  }
  return text + (bytes.size() > kMostShown ? "'..." : "'");
}

}  // namespace timetrial
