#include "harness/guard/open_watch.h"

#include <set>

#include <sys/inotify.h>

namespace timetrial {

OpenWatch::OpenWatch(const std::vector<std::filesystem::path>& paths)
    : events_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  for (const std::filesystem::path& path : paths) {
    add(path);
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) continue;
    for (std::filesystem::recursive_directory_iterator entry(path, error), end; entry != end && !error;
         entry.increment(error)) {
      std::error_code gone;
      if (entry->is_directory(gone)) add(entry->path());
    }
  }
}

void OpenWatch::add(const std::filesystem::path& path) {
  const int number = ::inotify_add_watch(events_.get(), path.c_str(), IN_OPEN);
  if (number >= 0) paths_[number] = path;
}

std::vector<std::string> OpenWatch::opened() {
  std::set<std::string> files;
  alignas(inotify_event) char block[4096];
  for (ssize_t count = 0; (count = ::read(events_.get(), block, sizeof(block))) > 0;) {
    for (ssize_t place = 0; place < count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(block + place);
      place += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
      if ((event->mask & IN_OPEN) == 0 || (event->mask & IN_ISDIR) != 0) continue;
      const auto path = paths_.find(event->wd);
      if (path == paths_.end()) continue;
      files.insert(event->len > 0 ? (path->second / event->name).string() : path->second.string());
    }
  }
  return {files.begin(), files.end()};
}

}  // namespace timetrial
