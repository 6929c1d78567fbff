#include "harness/isolation/process_tree.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

std::string folder_of(pid_t process) {
  return "/proc/" + std::to_string(process);
}

// What stands behind the name, which is in parentheses and may hold anything; empty when there is no such
// process or thread any more. The first field is the state.
std::istringstream status_fields(const std::string& folder) {
  std::ifstream stream(folder + "/stat");
  std::string line;
  std::getline(stream, line);
  const size_t end = line.rfind(") ");
  return std::istringstream(end == std::string::npos ? "" : line.substr(end + 2));
}

// Its first thread may be a zombie while others still run, and hold its files and its locks. The number of
// threads stands 17 fields behind the state.
bool has_ended(pid_t process) {
  std::istringstream fields = status_fields(folder_of(process));
  if (fields.str().empty()) return true;
  std::string state, skipped;
  fields >> state;
  for (int i = 0; i < 16; ++i) fields >> skipped;
  int threads = 0;
  fields >> threads;
  return (state == "Z" || state == "X") && threads <= 1;
}

// Threads that are on their way to stop may still run for a moment, so each is looked at. `states`: in which
// one counts as stopped.
bool is_stopped(pid_t process, const std::string& states) {
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(folder_of(process) + "/task", gone)) {
    std::string state;
    status_fields(task.path()) >> state;
    if (!state.empty() && states.find(state) == std::string::npos) return false;
  }
  return true;
}

// A signal to a process waits for its first thread, which may be one that waits for a vfork: the others are
// stopped by signals of their own.
void stop_threads(pid_t process) {
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(folder_of(process) + "/task", gone))
    ::syscall(SYS_tgkill, process, std::atoi(task.path().filename().c_str()), SIGSTOP);
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

std::vector<pid_t> processes_below(pid_t root, pid_t spared) {
  std::vector<pid_t> found;
  std::vector<pid_t> open = {root};
  while (!open.empty()) {
    const pid_t process = open.back();
    open.pop_back();
    for (const pid_t child : children_of_process(process)) {
      if (child == spared) continue;
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

std::vector<pid_t> stop_processes_below(pid_t root, pid_t spared, double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  // One that has started another by vfork waits for it in the kernel, where it cannot stop before that one
  // goes on: it does no work either.
  const auto wait_for_vfork = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
  std::vector<pid_t> stopped;
  while (true) {
    const bool may_wait_for_vfork = std::chrono::steady_clock::now() > wait_for_vfork;
    const std::string states = may_wait_for_vfork ? "TtZXD" : "TtZX";
    const std::vector<pid_t> processes = processes_below(root, spared);
    bool all = true;
    for (const pid_t process : processes) ::kill(process, SIGSTOP);
    for (const pid_t process : processes) {
      if (is_stopped(process, states)) continue;
      all = false;
      if (may_wait_for_vfork) stop_threads(process);
    }
    if (all && processes == stopped) return stopped;  // none came to be while they were stopped
    stopped = processes;
    if (std::chrono::steady_clock::now() > end)
      throw UserError(
          {"the trainer's processes do not stop", "", std::to_string(processes.size()) + " processes",
           "look what they wait for: a file server that does not answer keeps them from stopping"});
    if (!all) std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

void continue_processes(const std::vector<pid_t>& processes) {
  for (const pid_t process : processes) ::kill(process, SIGCONT);
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
