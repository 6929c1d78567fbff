#pragma once

// What a ZIP archive holds, by its central directory (APPNOTE.TXT, see zip_records.h). Read strictly: the
// files come from elsewhere, so every size and offset is checked against the file before anything is
// allocated.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/npz/byte_source.h"
#include "workloads/npz/zip_records.h"

namespace timetrial {

struct ZipEntry {
  std::string name;  // the bytes as they stand: not empty, no NUL, otherwise anything
  ZipMethod method = ZipMethod::stored;
  uint32_t crc32 = 0;          // of the uncompressed bytes
  uint64_t archive_bytes = 0;  // what it takes in the archive
  uint64_t bytes = 0;          // uncompressed, as declared: at most 1032 times archive_bytes
  uint64_t data_offset = 0;    // of its first byte in the file, behind its local header
};

class ZipArchive {
 public:
  // Reads the directory and every local header. Throws UserError for a file that is no ZIP archive or ends
  // early, for records that contradict each other, entries that overlap or lie outside of the file, two of
  // one name, and for what no .npz file has: encryption, several volumes, other methods than stored and
  // deflated, bytes before the first entry that shift all offsets, a directory of more than 64 MiB.
  explicit ZipArchive(std::unique_ptr<ByteSource> source);

  // In the order of the directory.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  // Null when there is none.
  const ZipEntry* find(std::string_view name) const;
  const ByteSource& source() const { return *source_; }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<ZipEntry> entries_;
  std::map<std::string, size_t, std::less<>> by_name_;
};

}  // namespace timetrial
