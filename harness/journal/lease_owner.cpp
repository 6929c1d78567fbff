#include "harness/journal/lease_owner.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <signal.h>
#include <unistd.h>

namespace timetrial {

namespace {

std::string first_line(const char* file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Field 22 of /proc/<pid>/stat; the second one is a name in parentheses that may hold anything. 0: there is
// no such process.
int64_t start_ticks_of(int64_t pid) {
  const std::string line = first_line(("/proc/" + std::to_string(pid) + "/stat").c_str());
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  for (int i = 3; i < 22; ++i) fields >> field;
  int64_t ticks = 0;
  fields >> ticks;
  return ticks;
}

std::string slurm_job() {
  const std::string array = environment("SLURM_ARRAY_JOB_ID");
  if (!array.empty()) return array + "_" + environment("SLURM_ARRAY_TASK_ID");
  return environment("SLURM_JOB_ID");
}

std::string pid_namespace() {
  std::error_code absent;
  return std::filesystem::read_symlink("/proc/self/ns/pid", absent).string();
}

}  // namespace

LeaseOwner this_process() {
  LeaseOwner owner;
  char host[256] = "";
  ::gethostname(host, sizeof(host) - 1);
  owner.host = host;
  owner.boot_id = first_line("/proc/sys/kernel/random/boot_id");
  owner.pid_namespace = pid_namespace();
  owner.pid = ::getpid();
  owner.start_ticks = start_ticks_of(owner.pid);
  owner.slurm_job = slurm_job();
  owner.slurm_restart = std::strtoll(environment("SLURM_RESTART_COUNT").c_str(), nullptr, 10);
  return owner;
}

OwnerLife life_of(const LeaseOwner& owner, const LeaseOwner& here) {
  const bool seen_from_here = !owner.boot_id.empty() && owner.boot_id == here.boot_id &&
                              !owner.pid_namespace.empty() && owner.pid_namespace == here.pid_namespace;
  if (!seen_from_here || owner.pid <= 0) return OwnerLife::unknown;
  if (::kill(static_cast<pid_t>(owner.pid), 0) != 0 && errno == ESRCH) return OwnerLife::dead;
  const int64_t ticks = start_ticks_of(owner.pid);
  if (ticks == 0 || owner.start_ticks == 0) return OwnerLife::unknown;  // /proc may hide others' processes
  return ticks == owner.start_ticks ? OwnerLife::alive : OwnerLife::dead;
}

std::string describe(const LeaseOwner& owner) {
  std::string text = owner.host + ", process " + std::to_string(owner.pid);
  if (owner.slurm_job.empty()) return text;
  return text + " (SLURM job " + owner.slurm_job + ", start " + std::to_string(owner.slurm_restart + 1) + ")";
}

}  // namespace timetrial
