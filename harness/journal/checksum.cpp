#include "harness/journal/checksum.h"

#include <cstdio>

#include <zlib.h>

namespace timetrial {

uint32_t extend_crc32(uint32_t crc, const void* bytes, size_t count) {
  return static_cast<uint32_t>(crc32_z(crc, static_cast<const Bytef*>(bytes), count));
}

std::string crc32_text(uint32_t crc) {
  char digits[9];
  std::snprintf(digits, sizeof(digits), "%08x", crc);
  return digits;
}

std::string crc32_of(std::string_view text) {
  return crc32_text(extend_crc32(0, text.data(), text.size()));
}

}  // namespace timetrial
