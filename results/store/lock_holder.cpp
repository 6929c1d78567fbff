#include "results/store/lock_holder.h"

#include <fstream>
#include <sstream>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

namespace timetrial {

namespace {

std::string process_name(long process) {
  std::ifstream stream("/proc/" + std::to_string(process) + "/comm");
  std::string name;
  std::getline(stream, name);
  return name.empty() ? "a program" : name;
}

// A line reads "12: POSIX  ADVISORY  WRITE 4711 fe:01:1234567 120 120".
bool is_write_lock_on(const std::string& line, ino_t inode, long& process) {
  std::istringstream stream(line);
  std::string number, kind, enforcement, access, place;
  if (!(stream >> number >> kind >> enforcement >> access >> process >> place)) return false;
  const std::string ending = ":" + std::to_string(inode);
  return access == "WRITE" && process > 0 && place.ends_with(ending);
}

}  // namespace

std::string lock_holder(const std::filesystem::path& file) {
  // In WAL mode the write lock lies on the shared index.
  for (const char* ending : {"-shm", ""}) {
    struct stat status {};
    if (::stat((file.string() + ending).c_str(), &status) != 0) continue;
    std::ifstream locks("/proc/locks");
    for (std::string line; std::getline(locks, line);) {
      long process = 0;
      if (is_write_lock_on(line, status.st_ino, process) && process != ::getpid()) {
        return process_name(process) + " (process " + std::to_string(process) + ")";
      }
    }
  }
  return "";
}

}  // namespace timetrial
