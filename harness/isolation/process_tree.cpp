#include "harness/isolation/process_tree.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace timetrial {

namespace {

std::string folder_of(pid_t process) {
  return "/proc/" + std::to_string(process);
}

// Its first thread may be a zombie while others still run, and hold its files and its locks. The state stands
// behind the name, which is in parentheses and may hold anything, the number of threads 17 fields behind it.
bool has_ended(pid_t process) {
  std::ifstream stream(folder_of(process) + "/stat");
  std::string line;
  if (!std::getline(stream, line)) return true;
  const size_t end = line.rfind(") ");
  if (end == std::string::npos) return true;
  std::istringstream fields(line.substr(end + 2));
  std::string state, skipped;
  fields >> state;
  for (int i = 0; i < 16; ++i) fields >> skipped;
  int threads = 0;
  fields >> threads;
  return (state == "Z" || state == "X") && threads <= 1;
}

void reap() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace

std::vector<pid_t> children_of_process(pid_t process) {
  std::vector<pid_t> children;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(folder_of(process) + "/task", gone)) {
    std::ifstream stream(task.path() / "children");
    for (pid_t child = 0; stream >> child;) children.push_back(child);
  }
  return children;
}

std::vector<pid_t> processes_below(pid_t root) {
  std::vector<pid_t> found;
  std::vector<pid_t> open = {root};
  while (!open.empty()) {
    const pid_t process = open.back();
    open.pop_back();
    for (const pid_t child : children_of_process(process)) {
      open.push_back(child);
      if (!has_ended(child)) found.push_back(child);
    }
  }
  return found;
}

int64_t own_resident_bytes(pid_t process) {
  std::ifstream stream(folder_of(process) + "/statm");
  int64_t size = 0, resident = 0, shared = 0;
  if (!(stream >> size >> resident >> shared)) return 0;
  return (resident - shared) * ::sysconf(_SC_PAGESIZE);
}

int64_t end_processes_below_us(double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::vector<pid_t> processes = processes_below(::getpid());
  const auto count = static_cast<int64_t>(processes.size());
  while (!processes.empty() && std::chrono::steady_clock::now() < end) {
    for (const int signal : {SIGSTOP, SIGKILL}) {
      for (const pid_t process : processes) ::kill(process, signal);
    }
    reap();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    processes = processes_below(::getpid());
  }
  reap();
  return count;
}

}  // namespace timetrial
