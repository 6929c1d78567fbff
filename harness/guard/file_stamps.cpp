#include "harness/guard/file_stamps.h"

#include <sys/stat.h>

namespace timetrial {

namespace {

void add_stamp(const std::filesystem::path& file, FileStamps& stamps) {
  struct stat status {};
  if (::lstat(file.c_str(), &status) != 0) return;
  stamps[file] = {status.st_ino, status.st_size,
                  int64_t{status.st_ctim.tv_sec} * 1'000'000'000 + status.st_ctim.tv_nsec};
}

}  // namespace

FileStamps stamps_of(const std::vector<std::filesystem::path>& paths) {
  FileStamps stamps;
  for (const std::filesystem::path& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      add_stamp(path, stamps);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(path, error))
      add_stamp(entry.path(), stamps);
  }
  return stamps;
}

std::optional<std::string> changed_file(const FileStamps& before, const FileStamps& now) {
  for (const auto& [file, stamp] : before) {
    const auto found = now.find(file);
    if (found == now.end()) return file.string() + " was removed";
    if (found->second != stamp) return file.string() + " was changed";
  }
  for (const auto& [file, stamp] : now) {
    if (!before.contains(file)) return file.string() + " was added";
  }
  return std::nullopt;
}

}  // namespace timetrial
