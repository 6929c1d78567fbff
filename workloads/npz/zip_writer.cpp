#include "workloads/npz/zip_writer.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include <zlib.h>

#include "harness/text/utf8.h"

namespace timetrial {
namespace {

constexpr size_t kBlockBytes = size_t{1} << 16;
// What zlib counts in 32 bits is handed to it in pieces.
constexpr size_t kMostInput = size_t{1} << 30;
constexpr int kMemoryLevel = 8;  // zlib's default

constexpr uint16_t kPlainVersion = 20;
constexpr uint16_t kWideVersion = 45;
constexpr uint16_t kMadeOnUnix = 3 << 8;
constexpr uint32_t kRegularFile = uint32_t{0100644} << 16;
constexpr uint16_t kUtf8Name = 1 << 11;
constexpr uint16_t kMidnight = 0;
constexpr uint16_t kFirstOf1980 = 1 << 5 | 1;  // month 1, day 1
constexpr size_t kMostNameBytes = 0xFFFF - kDirectoryBytes;

class DeflateStream {
 public:
  DeflateStream() {
    const int result = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kRawDeflate, kMemoryLevel,
                                    Z_DEFAULT_STRATEGY);
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result != Z_OK) throw std::logic_error("deflateInit2 fails with " + std::to_string(result));
  }
  DeflateStream(const DeflateStream&) = delete;
  DeflateStream& operator=(const DeflateStream&) = delete;
  ~DeflateStream() { deflateEnd(&stream_); }

  // Compresses all of `input`, at most kMostInput bytes, with `flush` into blocks that `take` gets.
  template <typename Take>
  void run(std::string_view input, int flush, Take&& take) {
    // zlib reads only; its pointer is not const without ZLIB_CONST.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(block_.data());
      stream_.avail_out = static_cast<uInt>(block_.size());
      if (deflate(&stream_, flush) == Z_STREAM_ERROR) throw std::logic_error("deflate fails");
      take(std::string_view(block_).substr(0, block_.size() - stream_.avail_out));
    } while (stream_.avail_out == 0);
  }

 private:
  z_stream stream_{};
  std::string block_ = std::string(kBlockBytes, '\0');
};

uint16_t flags_of(const std::string& name) {
  const bool ascii = std::all_of(name.begin(), name.end(), [](char byte) { return (byte & 0x80) == 0; });
  return ascii ? 0 : kUtf8Name;
}

// The fields that a local header and an entry of the directory share, from the version on.
void append_common(std::string& record, bool wide, const std::string& name, ZipMethod method,
                   uint32_t crc32) {
  append_little_endian(record, wide ? kWideVersion : kPlainVersion);
  append_little_endian(record, flags_of(name));
  append_little_endian(record, static_cast<uint16_t>(method));
  append_little_endian(record, kMidnight);
  append_little_endian(record, kFirstOf1980);
  append_little_endian(record, crc32);
}

std::string wide_extra(std::initializer_list<uint64_t> values) {
  std::string extra;
  append_little_endian(extra, kWideExtraField);
  append_little_endian(extra, static_cast<uint16_t>(8 * values.size()));
  for (const uint64_t value : values) append_little_endian(extra, value);
  return extra;
}

}  // namespace

ZipWriter::ZipWriter(std::filesystem::path file, ZipLimits limits)
    : output_(std::move(file)), limits_(limits) {}

uint32_t ZipWriter::narrow(uint64_t value) const {
  return value < limits_.bytes ? static_cast<uint32_t>(value) : kSaturated32;
}

std::string ZipWriter::local_header(const Written& entry, bool wide) const {
  std::string header;
  append_little_endian(header, kLocalSignature);
  append_common(header, wide, entry.name, entry.method, entry.crc32);
  const std::string extra = wide ? wide_extra({entry.bytes, entry.archive_bytes}) : std::string();
  append_little_endian(header, wide ? kSaturated32 : static_cast<uint32_t>(entry.archive_bytes));
  append_little_endian(header, wide ? kSaturated32 : static_cast<uint32_t>(entry.bytes));
  append_little_endian(header, static_cast<uint16_t>(entry.name.size()));
  append_little_endian(header, static_cast<uint16_t>(extra.size()));
  return header + entry.name + extra;
}

std::string ZipWriter::directory_entry(const Written& entry) const {
  std::string wide_values;
  for (const uint64_t value : {entry.bytes, entry.archive_bytes, entry.local_offset}) {
    if (narrow(value) == kSaturated32) append_little_endian(wide_values, value);
  }
  std::string extra;
  if (!wide_values.empty()) {
    append_little_endian(extra, kWideExtraField);
    append_little_endian(extra, static_cast<uint16_t>(wide_values.size()));
    extra += wide_values;
  }
  const bool wide = !extra.empty();
  std::string record;
  append_little_endian(record, kDirectorySignature);
  append_little_endian(record, static_cast<uint16_t>(kMadeOnUnix | (wide ? kWideVersion : kPlainVersion)));
  append_common(record, wide, entry.name, entry.method, entry.crc32);
  append_little_endian(record, narrow(entry.archive_bytes));
  append_little_endian(record, narrow(entry.bytes));
  append_little_endian(record, static_cast<uint16_t>(entry.name.size()));
  append_little_endian(record, static_cast<uint16_t>(extra.size()));
  append_little_endian(record, uint16_t{0});  // no comment
  append_little_endian(record, uint16_t{0});  // in this file
  append_little_endian(record, uint16_t{0});
  append_little_endian(record, kRegularFile);
  append_little_endian(record, narrow(entry.local_offset));
  return record + entry.name + extra;
}

void ZipWriter::deflate_pieces(std::span<const std::string_view> pieces) {
  DeflateStream stream;
  const auto append = [this](std::string_view block) { output_.append(block); };
  for (std::string_view piece : pieces) {
    for (; !piece.empty(); piece.remove_prefix(std::min(piece.size(), kMostInput))) {
      stream.run(piece.substr(0, kMostInput), Z_NO_FLUSH, append);
    }
  }
  stream.run({}, Z_FINISH, append);
}

void ZipWriter::add(const std::string& name, ZipMethod method, std::span<const std::string_view> pieces) {
  if (name.empty() || name.size() > kMostNameBytes || name.find('\0') != std::string::npos ||
      !is_utf8(name) || !names_.insert(name).second) {
    throw std::logic_error("no name for another entry: " + name);
  }
  Written entry{name, method, 0, 0, 0, output_.size()};
  uLong crc = 0;
  for (const std::string_view piece : pieces) {
    if (!piece.empty()) crc = crc32_z(crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size());
    entry.bytes += piece.size();
  }
  entry.crc32 = static_cast<uint32_t>(crc);
  entry.archive_bytes = entry.bytes;  // right if stored, else a guess that is put right below
  // The header stands before the data whose compressed size it tells: room for the larger form is left where
  // deflate could need it. What cannot be compressed grows by less than a thousandth and a few bytes.
  const bool wide = entry.bytes + entry.bytes / 1000 + 64 >= limits_.bytes;
  const size_t header_bytes = local_header(entry, wide).size();
  output_.append(local_header(entry, wide));
  if (method == ZipMethod::deflated) {
    deflate_pieces(pieces);
  } else {
    for (const std::string_view piece : pieces) output_.append(piece);
  }
  const uint64_t archive_bytes = output_.size() - entry.local_offset - header_bytes;
  if (archive_bytes != entry.archive_bytes) {
    entry.archive_bytes = archive_bytes;
    output_.overwrite(entry.local_offset, local_header(entry, wide));
  }
  entries_.push_back(std::move(entry));
}

void ZipWriter::finish() {
  const uint64_t offset = output_.size();
  for (const Written& entry : entries_) output_.append(directory_entry(entry));
  const uint64_t bytes = output_.size() - offset;
  const uint64_t count = entries_.size();
  std::string end;
  if (count >= limits_.entries || bytes >= limits_.bytes || offset >= limits_.bytes) {
    const uint64_t wide_end = output_.size();
    append_little_endian(end, kWideEndSignature);
    append_little_endian(end, uint64_t{kWideEndBytes - 12});  // of what follows
    append_little_endian(end, static_cast<uint16_t>(kMadeOnUnix | kWideVersion));
    append_little_endian(end, kWideVersion);
    append_little_endian(end, uint32_t{0});  // this is the only file
    append_little_endian(end, uint32_t{0});
    append_little_endian(end, count);
    append_little_endian(end, count);
    append_little_endian(end, bytes);
    append_little_endian(end, offset);
    append_little_endian(end, kWideLocatorSignature);
    append_little_endian(end, uint32_t{0});
    append_little_endian(end, wide_end);
    append_little_endian(end, uint32_t{1});  // files
  }
  const uint16_t narrow_count = count < limits_.entries ? static_cast<uint16_t>(count) : kSaturated16;
  append_little_endian(end, kEndSignature);
  append_little_endian(end, uint16_t{0});
  append_little_endian(end, uint16_t{0});
  append_little_endian(end, narrow_count);
  append_little_endian(end, narrow_count);
  append_little_endian(end, narrow(bytes));
  append_little_endian(end, narrow(offset));
  append_little_endian(end, uint16_t{0});  // no comment
  output_.append(end);
  output_.finish();
}

}  // namespace timetrial
