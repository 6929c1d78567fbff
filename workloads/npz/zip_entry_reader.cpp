#include "workloads/npz/zip_entry_reader.h"

#include <algorithm>
#include <new>
#include <stdexcept>

#include "harness/errors/user_error.h"
#include "workloads/npz/npz_cures.h"
#include "workloads/npz/quoted_bytes.h"

namespace timetrial {
namespace {

constexpr size_t kInputBytes = size_t{1} << 16;
// What zlib counts in 32 bits is handed to it in pieces.
constexpr size_t kMostOutput = size_t{1} << 30;

std::string hexadecimal(uint32_t value) {
  static const char* digits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 28; shift >= 0; shift -= 4) text += digits[value >> shift & 15];
  return text;
}

}  // namespace

ZipEntryReader::ZipEntryReader(const ZipArchive& archive, const ZipEntry& entry)
    : source_(archive.source()), entry_(entry) {
  if (entry_.method != ZipMethod::deflated) return;
  input_.resize(static_cast<size_t>(std::min<uint64_t>(kInputBytes, entry_.archive_bytes)));
  const int result = inflateInit2(&stream_, kRawDeflate);
  if (result == Z_MEM_ERROR) throw std::bad_alloc();
  if (result != Z_OK) throw std::logic_error("inflateInit2 fails with " + std::to_string(result));
}

ZipEntryReader::~ZipEntryReader() {
  if (entry_.method == ZipMethod::deflated) inflateEnd(&stream_);
}

void ZipEntryReader::fail(const std::string& what, const std::string& value) const {
  throw UserError({what,
                   source_.name() + ", entry " + quoted_bytes(entry_.name) + ", byte " +
                       std::to_string(position_) + " of " + std::to_string(entry_.bytes),
                   value, kCopyAgain});
}

void ZipEntryReader::read(std::span<char> bytes) {
  if (bytes.size() > bytes_left()) {
    fail("the entry ends before what should be read from it", std::to_string(bytes.size()) + " more bytes");
  }
  if (entry_.method == ZipMethod::stored) {
    copy(bytes);
  } else if (const size_t filled = inflate_into(bytes); filled < bytes.size()) {
    fail("the entry holds fewer bytes than it declares", std::to_string(position_ + filled) + " bytes");
  }
  if (!bytes.empty()) crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  position_ += bytes.size();
  if (position_ == entry_.bytes && !checked_) check_end();
}

void ZipEntryReader::copy(std::span<char> bytes) {
  source_.read(entry_.data_offset + archive_taken_, bytes);
  archive_taken_ += bytes.size();
}

// Gives how many bytes there were before the compressed data ended.
size_t ZipEntryReader::inflate_into(std::span<char> bytes) {
  size_t filled = 0;
  while (filled < bytes.size() && !stream_ended_) {
    if (stream_.avail_in == 0) refill();
    const size_t room = std::min(bytes.size() - filled, kMostOutput);
    stream_.next_out = reinterpret_cast<Bytef*>(bytes.data() + filled);
    stream_.avail_out = static_cast<uInt>(room);
    const int result = inflate(&stream_, Z_NO_FLUSH);
    filled += room - stream_.avail_out;
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result == Z_STREAM_END) {
      stream_ended_ = true;
    } else if (result == Z_BUF_ERROR) {
      fail("the compressed data of the entry ends early",
           std::to_string(entry_.archive_bytes) + " compressed bytes");
    } else if (result != Z_OK) {
      fail("the compressed data of the entry is damaged", stream_.msg == nullptr ? "" : stream_.msg);
    }
  }
  return filled;
}

void ZipEntryReader::refill() {
  const auto count =
      static_cast<size_t>(std::min<uint64_t>(input_.size(), entry_.archive_bytes - archive_taken_));
  source_.read(entry_.data_offset + archive_taken_, std::span(input_).first(count));
  archive_taken_ += count;
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(count);
}

void ZipEntryReader::check_end() {
  if (entry_.method == ZipMethod::deflated) {
    char more = 0;
    if (inflate_into({&more, 1}) != 0) fail("the entry holds more bytes than it declares", "");
    const uint64_t unused = stream_.avail_in + (entry_.archive_bytes - archive_taken_);
    if (unused != 0) {
      fail("the compressed data of the entry ends before the entry does",
           std::to_string(unused) + " bytes behind it");
    }
  }
  if (crc_ != entry_.crc32) {
    fail("the CRC-32 of the entry is not " + hexadecimal(entry_.crc32) + ": its bytes are damaged",
         hexadecimal(static_cast<uint32_t>(crc_)));
  }
  checked_ = true;
}

}  // namespace timetrial
