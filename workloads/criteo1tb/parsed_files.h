#pragma once

// Day files parsed once and held in memory, for data sets that are small enough.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace timetrial {

struct ParsedFile {
  std::vector<float> inputs;        // [rows, 39]
  std::vector<float> labels;        // [rows]
  std::vector<int64_t> line_bytes;  // [rows + 1]: where each row starts in the file, and the file's size

  int64_t rows() const { return static_cast<int64_t>(labels.size()); }
};

using ParsedFiles = std::vector<ParsedFile>;

// Data sets up to this size (of the files) are held in memory.
inline constexpr int64_t kMostBytesInMemory = int64_t{512} << 20;

// In the order of `files`; parsed on all cores.
std::shared_ptr<const ParsedFiles> parse_files(const std::vector<std::filesystem::path>& files);

}  // namespace timetrial
