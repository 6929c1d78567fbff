#pragma once

// The records of a ZIP archive, as far as the reader and the writer share them. The format is PKWARE's
// APPNOTE.TXT (version 6.3): local headers (4.3.7), the central directory (4.3.12), its end (4.3.16) and the
// ZIP64 forms (4.3.14, 4.3.15, 4.5.3). All numbers are little-endian.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace timetrial {

// Entries hold deflate's data without the header and the checksum of zlib: its windows of 2^15 bytes,
// negated.
inline constexpr int kRawDeflate = -15;

enum class ZipMethod : uint16_t { stored = 0, deflated = 8 };

// The signature a record starts with, and its bytes without names and the like.
inline constexpr uint32_t kLocalSignature = 0x04034b50;
inline constexpr size_t kLocalBytes = 30;
inline constexpr uint32_t kDirectorySignature = 0x02014b50;
inline constexpr size_t kDirectoryBytes = 46;
inline constexpr uint32_t kEndSignature = 0x06054b50;
inline constexpr size_t kEndBytes = 22;
inline constexpr uint32_t kWideEndSignature = 0x06064b50;
inline constexpr size_t kWideEndBytes = 56;
inline constexpr uint32_t kWideLocatorSignature = 0x07064b50;
inline constexpr size_t kWideLocatorBytes = 20;

// A field of 16 or 32 bits with all bits set: a ZIP64 record holds the value.
inline constexpr uint16_t kSaturated16 = 0xFFFF;
inline constexpr uint32_t kSaturated32 = 0xFFFFFFFF;
inline constexpr uint16_t kWideExtraField = 0x0001;

template <typename Number>
Number little_endian_at(std::string_view bytes, size_t offset) {
  Number value = 0;
  for (size_t i = 0; i < sizeof(Number); ++i) {
    value =
        static_cast<Number>(value | static_cast<Number>(static_cast<uint8_t>(bytes[offset + i])) << (8 * i));
  }
  return value;
}

template <typename Number>
void append_little_endian(std::string& bytes, Number value) {
  for (size_t i = 0; i < sizeof(Number); ++i) bytes += static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace timetrial
