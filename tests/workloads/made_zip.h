#pragma once

// ZIP archives laid down record by record, apart from the writer that is tested, so that single fields can be
// made wrong; and .npy entries likewise.

#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "workloads/npz/npz_file.h"
#include "workloads/npz/zip_records.h"

namespace timetrial {

struct MadeEntry {
  std::string name;
  std::string bytes;
  ZipMethod method = ZipMethod::stored;
};

// wide: everything that can be in a ZIP64 record is, whatever its size.
enum class MadeForm { narrow, wide };

inline std::string raw_deflate(std::string_view bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, kRawDeflate, 8, Z_DEFAULT_STRATEGY);
  std::string result(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

inline uint32_t crc32_of(std::string_view bytes) {
  return static_cast<uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

inline std::string made_zip(const std::vector<MadeEntry>& entries, MadeForm form = MadeForm::narrow) {
  const bool wide = form == MadeForm::wide;
  std::string zip, directory;
  const auto size = [&](uint64_t value) { return wide ? kSaturated32 : static_cast<uint32_t>(value); };
  for (const MadeEntry& entry : entries) {
    const std::string data = entry.method == ZipMethod::stored ? entry.bytes : raw_deflate(entry.bytes);
    const uint64_t at = zip.size();
    std::string fields;  // from the flags to the length of the name
    append_little_endian(fields, uint16_t{0});
    append_little_endian(fields, static_cast<uint16_t>(entry.method));
    append_little_endian(fields, uint32_t{0x00210000});  // time and date
    append_little_endian(fields, crc32_of(entry.bytes));
    append_little_endian(fields, size(data.size()));
    append_little_endian(fields, size(entry.bytes.size()));
    append_little_endian(fields, static_cast<uint16_t>(entry.name.size()));
    append_little_endian(zip, kLocalSignature);
    append_little_endian(zip, uint16_t{45});
    zip += fields;
    append_little_endian(zip, static_cast<uint16_t>(wide ? 20 : 0));
    zip += entry.name;
    if (wide) {
      append_little_endian(zip, kWideExtraField);
      append_little_endian(zip, uint16_t{16});
      append_little_endian(zip, uint64_t{entry.bytes.size()});
      append_little_endian(zip, uint64_t{data.size()});
    }
    zip += data;
    append_little_endian(directory, kDirectorySignature);
    append_little_endian(directory, uint16_t{45});
    append_little_endian(directory, uint16_t{45});
    directory += fields;
    append_little_endian(directory, static_cast<uint16_t>(wide ? 32 : 0));
    append_little_endian(directory, uint16_t{0});                               // comment
    append_little_endian(directory, static_cast<uint16_t>(wide ? 0xFFFF : 0));  // volume
    append_little_endian(directory, uint16_t{0});                               // attributes
    append_little_endian(directory, uint32_t{0});
    append_little_endian(directory, size(at));
    directory += entry.name;
    if (wide) {
      append_little_endian(directory, kWideExtraField);
      append_little_endian(directory, uint16_t{28});
      append_little_endian(directory, uint64_t{entry.bytes.size()});
      append_little_endian(directory, uint64_t{data.size()});
      append_little_endian(directory, at);
      append_little_endian(directory, uint32_t{0});  // volume
    }
  }
  const uint64_t directory_at = zip.size();
  zip += directory;
  if (wide) {
    const uint64_t end_at = zip.size();
    append_little_endian(zip, kWideEndSignature);
    append_little_endian(zip, uint64_t{44});
    append_little_endian(zip, uint16_t{45});
    append_little_endian(zip, uint16_t{45});
    append_little_endian(zip, uint64_t{0});  // two numbers of volumes
    append_little_endian(zip, uint64_t{entries.size()});
    append_little_endian(zip, uint64_t{entries.size()});
    append_little_endian(zip, uint64_t{directory.size()});
    append_little_endian(zip, directory_at);
    append_little_endian(zip, kWideLocatorSignature);
    append_little_endian(zip, uint32_t{0});
    append_little_endian(zip, end_at);
    append_little_endian(zip, uint32_t{1});
  }
  const auto count = static_cast<uint16_t>(wide ? kSaturated16 : entries.size());
  append_little_endian(zip, kEndSignature);
  append_little_endian(zip, uint32_t{0});
  append_little_endian(zip, count);
  append_little_endian(zip, count);
  append_little_endian(zip, size(directory.size()));
  append_little_endian(zip, size(directory_at));
  append_little_endian(zip, uint16_t{0});
  return zip;
}

// `bytes` with `value` at `offset`.
template <typename Number>
std::string with(std::string bytes, size_t offset, Number value) {
  std::string text;
  append_little_endian(text, value);
  return bytes.replace(offset, text.size(), text);
}

// Where the record of this kind starts, the `which`-th from 0 on.
inline size_t record_at(const std::string& zip, uint32_t signature, size_t which = 0) {
  std::string text;
  append_little_endian(text, signature);
  size_t at = zip.find(text);
  for (; which > 0; --which) at = zip.find(text, at + 1);
  return at;
}

// A whole .npy entry: header of the version, its dictionary as given, and values.
inline std::string made_npy(const std::string& dictionary, std::string_view values, char version = 1) {
  std::string bytes = std::string("\x93NUMPY") + version + '\0';
  const std::string text = dictionary + "\n";
  if (version == 1) {
    append_little_endian(bytes, static_cast<uint16_t>(text.size()));
  } else {
    append_little_endian(bytes, static_cast<uint32_t>(text.size()));
  }
  return bytes + text + std::string(values);
}

inline std::string dictionary_of(const std::string& descr, const std::string& shape,
                                 const std::string& fortran_order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape + ", }";
}

template <typename Value>
std::string_view bytes_of(const std::vector<Value>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value)};
}

// The file lives as long as `bytes`.
inline NpzFile npz_of(const std::string& bytes) {
  return NpzFile(bytes_in_memory(bytes, "made.npz"));
}

}  // namespace timetrial
