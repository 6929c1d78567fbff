#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/errors/user_error.h"

namespace timetrial {

// Made in the system's place for such, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "timetrial-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw UserError(
          {"no temporary folder can be made", name, "", "make room, or set TMPDIR to a writable folder"});
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
