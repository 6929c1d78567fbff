#pragma once

// The uncompressed bytes of one entry from first to last, in blocks: of the entry never more than 64 KiB of
// its compressed form are held.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <zlib.h>

#include "workloads/npz/zip_archive.h"

namespace timetrial {

// Not for several threads at once; several readers of one archive may run side by side.
class ZipEntryReader {
 public:
  // The archive must outlive the reader; `entry` is one of its own. Throws std::bad_alloc.
  ZipEntryReader(const ZipArchive& archive, const ZipEntry& entry);
  ~ZipEntryReader();
  ZipEntryReader(const ZipEntryReader&) = delete;
  ZipEntryReader& operator=(const ZipEntryReader&) = delete;

  // Fills all of `bytes`. The call that gives the entry's last byte has also checked that there is nothing
  // behind it and that the CRC-32 is right: what was read before is only then known to be undamaged. Throws
  // UserError where the entry ends before `bytes` is full, for damaged compressed data, data longer or
  // shorter than declared, and a wrong CRC-32; std::bad_alloc.
  void read(std::span<char> bytes);

  // How many bytes were read.
  uint64_t position() const { return position_; }
  uint64_t bytes_left() const { return entry_.bytes - position_; }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& value) const;
  void copy(std::span<char> bytes);
  size_t inflate_into(std::span<char> bytes);
  void refill();
  void check_end();

  const ByteSource& source_;
  const ZipEntry& entry_;
  uint64_t position_ = 0;       // in the uncompressed bytes
  uint64_t archive_taken_ = 0;  // of the compressed ones
  uLong crc_ = 0;
  bool checked_ = false;
  bool stream_ended_ = false;
  z_stream stream_{};
  std::vector<char> input_;
};

}  // namespace timetrial
