#pragma once

// Whether files are still as the harness left them, told without reading them.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace timetrial {

struct FileStamp {
  uint64_t inode = 0;
  int64_t bytes = 0;
  int64_t changed_nanoseconds = 0;  // of the file's inode: cannot be set, only moved on by a change

  bool operator==(const FileStamp&) const = default;
};

using FileStamps = std::map<std::filesystem::path, FileStamp>;

// Of files, and of the files directly in folders. What is absent is left out.
FileStamps stamps_of(const std::vector<std::filesystem::path>& paths);

// "checkpoints/step-7.pt was changed", or removed, or added; none: they are the same. Pure.
std::optional<std::string> changed_file(const FileStamps& before, const FileStamps& now);

}  // namespace timetrial
