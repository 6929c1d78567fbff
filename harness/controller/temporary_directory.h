#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/errors/user_error.h"

namespace timetrial {

// Made in the system's place for such, or in a folder of one's own; removed with everything in it.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    std::string name = (parent / "timetrial-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw UserError({"no temporary folder can be made", name, "",
                       "make room, or choose a folder that can be written with TMPDIR or --results"});
    }
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace timetrial
