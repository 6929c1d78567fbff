#pragma once

// Writes a ZIP archive (zip_records.h). No time stamps but 1980-01-01, the earliest: the same entries give
// the same bytes, as far as one version of zlib does. ZIP64 where a size, an offset or the number of entries
// needs it.

#include <cstdint>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/npz/output_file.h"
#include "workloads/npz/zip_records.h"

namespace timetrial {

// From where on ZIP64 records are written. Less only for tests of them.
struct ZipLimits {
  uint64_t bytes = kSaturated32;
  uint64_t entries = kSaturated16;
};

// Of one thread. The archive stands under its name once finish() has returned; without it nothing remains.
class ZipWriter {
 public:
  // Throws UserError as OutputFile does, and so do the others.
  explicit ZipWriter(std::filesystem::path file, ZipLimits limits = {});

  // Adds an entry whose bytes are the pieces one after another. `name` is UTF-8, other than all before;
  // anything else is a std::logic_error. Throws std::bad_alloc.
  void add(const std::string& name, ZipMethod method, std::span<const std::string_view> pieces);

  // The last call.
  void finish();

 private:
  struct Written {
    std::string name;
    ZipMethod method = ZipMethod::stored;
    uint32_t crc32 = 0;
    uint64_t archive_bytes = 0;
    uint64_t bytes = 0;
    uint64_t local_offset = 0;
  };

  std::string local_header(const Written& entry, bool wide) const;
  std::string directory_entry(const Written& entry) const;
  uint32_t narrow(uint64_t value) const;
  void deflate_pieces(std::span<const std::string_view> pieces);

  OutputFile output_;
  ZipLimits limits_;
  std::vector<Written> entries_;
  std::set<std::string> names_;
};

}  // namespace timetrial
