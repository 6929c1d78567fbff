#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace timetrial {

// CRC-32 (zlib's) of a stream of blocks: start from 0, feed the result of one block to the next.
uint32_t extend_crc32(uint32_t crc, const void* bytes, size_t count);

// 8 lower-case hex digits.
std::string crc32_text(uint32_t crc);
std::string crc32_of(std::string_view text);

}  // namespace timetrial
