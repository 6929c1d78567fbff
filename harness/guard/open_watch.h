#pragma once

// Who opens files? The kernel tells which of the watched ones were opened by anybody, and the harness knows
// when it was not itself.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/journal/file_descriptor.h"

namespace timetrial {

class OpenWatch {
 public:
  // Files, and folders with all files below them. What is absent, or more than the kernel can watch, is left
  // out; watched() tells how many places are.
  explicit OpenWatch(const std::vector<std::filesystem::path>& paths);

  size_t watched() const { return paths_.size(); }

  // Files that were opened since the last call, each once.
  std::vector<std::string> opened();

 private:
  void add(const std::filesystem::path& path);

  FileDescriptor events_;
  std::map<int, std::filesystem::path> paths_;  // by the kernel's number
};

}  // namespace timetrial
