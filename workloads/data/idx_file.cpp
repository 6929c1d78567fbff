#include "workloads/data/idx_file.h"

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

constexpr size_t kMagicBytes = 4;
constexpr uint32_t kUnsignedByteMagic = 0x00000800;

uint32_t big_endian(const std::string& text, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(text[at + i]);
  return value;
}

std::string hexadecimal(uint32_t value) {
  static const char* digits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += digits[value >> shift & 15];
  return text;
}

}  // namespace

IdxData read_idx(const std::filesystem::path& file, int rank) {
  const std::string text = read_gzip_or_plain(file);
  const size_t header = kMagicBytes + 4 * static_cast<size_t>(rank);
  const uint32_t expected = kUnsignedByteMagic + static_cast<uint32_t>(rank);
  const std::string cure = "put the official IDX file in its place (compressed or not)";
  if (text.size() < kMagicBytes || big_endian(text, 0) != expected) {
    throw UserError({"this is no IDX file of unsigned bytes with " + std::to_string(rank) +
                         " dimensions: byte 0 should start the magic number " + hexadecimal(expected),
                     file.string(),
                     text.size() < kMagicBytes ? "end of file" : hexadecimal(big_endian(text, 0)), cure});
  }
  if (text.size() < header) {
    throw UserError(
        {"the IDX file ends inside its header", file.string(), std::to_string(text.size()) + " bytes", cure});
  }
  IdxData data;
  // Compared by division: the product of four dimensions could overflow.
  uint64_t values = 1;
  for (int i = 0; i < rank; ++i) {
    const uint32_t dimension = big_endian(text, kMagicBytes + 4 * static_cast<size_t>(i));
    const bool too_large = dimension != 0 && values > text.size() / dimension;
    if (dimension == 0 || too_large) {
      throw UserError(
          {"the IDX file holds fewer bytes than dimension " + std::to_string(i) + " of its header says",
           file.string(),
           "dimension " + std::to_string(dimension) + ", " + std::to_string(text.size()) + " bytes", cure});
    }
    values *= dimension;
    data.dimensions.push_back(dimension);
  }
  if (text.size() - header != values) {
    throw UserError({"the IDX file does not hold the " + std::to_string(values) + " values its header says",
                     file.string(), std::to_string(text.size() - header) + " bytes after the header", cure});
  }
  data.values.assign(text.begin() + static_cast<std::ptrdiff_t>(header), text.end());
  return data;
}

std::string idx_bytes(const std::vector<int64_t>& dimensions, const std::vector<uint8_t>& values) {
  std::string bytes;
  const auto append = [&](uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 255);
  };
  append(kUnsignedByteMagic + static_cast<uint32_t>(dimensions.size()));
  for (const int64_t dimension : dimensions) append(static_cast<uint32_t>(dimension));
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size());
  return bytes;
}

std::filesystem::path find_plain_or_gzip(const std::filesystem::path& folder, const std::string& name) {
  for (const char* ending : {"", ".gz"}) {
    const std::filesystem::path file = folder / (name + ending);
    if (std::filesystem::exists(file)) return file;
  }
  return {};
}

}  // namespace timetrial
