#include "entries_npz.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <zlib.h>

#include "harness/errors/user_error.h"
#include "require.h"
#include "workloads/npz/npz_file.h"
#include "workloads/npz/zip_entry_reader.h"

namespace timetrial {
namespace {

template <typename Value>
bool same_bytes(const std::vector<Value>& one, const std::vector<Value>& other) {
  return one.size() == other.size() &&
         (one.empty() || std::memcmp(one.data(), other.data(), one.size() * sizeof(Value)) == 0);
}

template <typename Value>
void read_array(const NpzFile& file, const std::string& name, const NpyHeader& header) {
  const std::vector<Value> whole = file.read<Value>(name);
  require(static_cast<int64_t>(whole.size()) == header.values(), "as many values as the shape says");
  if (header.shape.empty() || header.is_transposed()) return;
  std::vector<Value> rows;
  const int64_t block = header.shape.front() / 3 + 1;
  file.read_rows<Value>(name, block, [&](int64_t, std::span<const Value> values) {
    rows.insert(rows.end(), values.begin(), values.end());
  });
  require(same_bytes(whole, rows), "rows are the whole");
}

void read_array(const NpzFile& file, const std::string& name) {
  const NpyHeader header = file.header(name);
  switch (header.type) {
    case NpyType::float32:
      return read_array<float>(file, name, header);
    case NpyType::float64:
      return read_array<double>(file, name, header);
    case NpyType::int32:
      return read_array<int32_t>(file, name, header);
    case NpyType::int64:
      return read_array<int64_t>(file, name, header);
    case NpyType::int8:
      return read_array<int8_t>(file, name, header);
    case NpyType::uint8:
      return read_array<uint8_t>(file, name, header);
  }
}

std::string stored_or_deflated(std::string_view bytes, ZipMethod method, uint32_t crc, uint32_t size) {
  const std::string name = "a.npy";
  std::string fields;
  append_little_endian(fields, uint16_t{0});
  append_little_endian(fields, static_cast<uint16_t>(method));
  append_little_endian(fields, uint32_t{0});
  append_little_endian(fields, crc);
  append_little_endian(fields, static_cast<uint32_t>(bytes.size()));
  append_little_endian(fields, size);
  append_little_endian(fields, static_cast<uint16_t>(name.size()));
  append_little_endian(fields, uint16_t{0});
  std::string zip;
  append_little_endian(zip, kLocalSignature);
  append_little_endian(zip, uint16_t{20});
  zip += fields + name;
  zip += bytes;
  const auto directory = static_cast<uint32_t>(zip.size());
  append_little_endian(zip, kDirectorySignature);
  append_little_endian(zip, uint32_t{20});
  zip += fields + std::string(14, '\0') + name;
  const auto directory_bytes = static_cast<uint32_t>(zip.size()) - directory;
  append_little_endian(zip, kEndSignature);
  append_little_endian(zip, uint32_t{0});
  append_little_endian(zip, uint16_t{1});
  append_little_endian(zip, uint16_t{1});
  append_little_endian(zip, directory_bytes);
  append_little_endian(zip, directory);
  append_little_endian(zip, uint16_t{0});
  return zip;
}

}  // namespace

void fuzz_npz(std::string_view bytes) {
  try {
    const NpzFile file(bytes_in_memory(bytes, "fuzz"));
    for (const std::string& name : file.names()) {
      try {
        read_array(file, name);
      } catch (const UserError&) {
      }
    }
  } catch (const UserError&) {
  }
}

void fuzz_npy(std::string_view bytes) {
  const auto crc =
      static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  const std::string zip =
      stored_or_deflated(bytes, ZipMethod::stored, crc, static_cast<uint32_t>(bytes.size()));
  const NpzFile file(bytes_in_memory(zip, "fuzz"));
  try {
    read_array(file, "a");
  } catch (const UserError&) {
  }
}

void fuzz_zip_entry(std::string_view bytes) {
  if (bytes.size() < 2) return;
  const auto size = little_endian_at<uint16_t>(bytes, 0);
  const std::string zip = stored_or_deflated(bytes.substr(2), ZipMethod::deflated, 0, size);
  // However it is cut into blocks, it ends alike: with the wrong checksum, or earlier.
  std::string first_end;
  for (const size_t block_bytes : {size_t{3}, size_t{1000}, size_t{65536}}) {
    std::string all, end = "whole";
    try {
      const ZipArchive archive(bytes_in_memory(zip, "fuzz"));
      ZipEntryReader reader(archive, archive.entries().front());
      all.resize(size);
      do {
        const auto at = static_cast<size_t>(reader.position());
        reader.read(std::span(all).subspan(at, std::min(block_bytes, size - at)));
      } while (reader.bytes_left() > 0);
      require(crc32_z(0, reinterpret_cast<const Bytef*>(all.data()), all.size()) == 0, "the CRC-32 is right");
    } catch (const UserError& error) {
      end = error.parts().what;
    }
    if (first_end.empty()) first_end = end;
    require(end == first_end, "the end does not depend on the blocks");
  }
}

}  // namespace timetrial
