#include "harness/isolation/memory_group.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace timetrial {

namespace {

struct Place {
  std::filesystem::path folder;
  bool version_2 = false;
};

// Lines of /proc/self/cgroup: "4:memory:/path" of version 1, "0::/path" of version 2.
std::vector<Place> places() {
  std::vector<Place> found;
  std::ifstream stream("/proc/self/cgroup");
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string number, controllers, path;
    std::getline(words, number, ':');
    std::getline(words, controllers, ':');
    std::getline(words, path);
    const std::string relative =
        path.substr(path.find_first_not_of('/') == std::string::npos ? path.size() : 1);
    if (("," + controllers + ",").find(",memory,") != std::string::npos)
      found.push_back({std::filesystem::path("/sys/fs/cgroup/memory") / relative, false});
    if (controllers.empty()) found.push_back({std::filesystem::path("/sys/fs/cgroup") / relative, true});
  }
  return found;
}

bool write_number(const std::filesystem::path& file, int64_t number) {
  std::ofstream stream(file);
  stream << number << std::flush;
  return stream.good();
}

int64_t read_number(const std::filesystem::path& file) {
  int64_t number = 0;
  std::ifstream(file) >> number;
  return number;
}

// The value behind a word in a file of "word value" lines.
int64_t value_of(const std::filesystem::path& file, const std::string& wanted) {
  std::ifstream stream(file);
  std::string word;
  for (int64_t value = 0; stream >> word >> value;) {
    if (word == wanted) return value;
  }
  return 0;
}

}  // namespace

std::unique_ptr<MemoryGroup> MemoryGroup::make(int64_t bytes) {
  for (const Place& place : places()) {
    const std::filesystem::path folder = place.folder / ("timetrial-" + std::to_string(::getpid()));
    if (::mkdir(folder.c_str(), 0755) != 0) continue;
    const char* limit = place.version_2 ? "memory.max" : "memory.limit_in_bytes";
    const int entry = std::filesystem::exists(folder / limit) && write_number(folder / limit, bytes)
                          ? ::open((folder / "cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC)
                          : -1;
    if (entry < 0) {
      ::rmdir(folder.c_str());
      continue;
    }
    // Without it the excess would go to the disk, and the trial crawl instead of end.
    write_number(folder / (place.version_2 ? "memory.swap.max" : "memory.swappiness"), 0);
    return std::unique_ptr<MemoryGroup>(new MemoryGroup(folder, place.version_2, entry));
  }
  return nullptr;
}

MemoryGroup::~MemoryGroup() {
  ::close(entry_);
  ::rmdir(folder_.c_str());
}

int64_t MemoryGroup::peak_bytes() const {
  return read_number(folder_ / (version_2_ ? "memory.peak" : "memory.max_usage_in_bytes"));
}

bool MemoryGroup::ran_out() const {
  return value_of(folder_ / (version_2_ ? "memory.events" : "memory.oom_control"), "oom_kill") > 0;
}

}  // namespace timetrial
