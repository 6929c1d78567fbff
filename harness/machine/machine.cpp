#include "harness/machine/machine.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace timetrial {

namespace {

std::string first_line(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

// The text behind "key<separator>" on the first line that starts with key.
std::string field_of(const std::string& file, const std::string& key, char separator) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const size_t at = line.find(separator);
    if (at == std::string::npos) continue;
    const size_t start = line.find_first_not_of(" \t\"", at + 1);
    const size_t end = line.find_last_not_of(" \t\"");
    return start == std::string::npos ? "" : line.substr(start, end - start + 1);
  }
  return "";
}

int64_t memory_kib(const std::string& key) {
  return std::strtoll(field_of("/proc/meminfo", key, ':').c_str(), nullptr, 10);
}

std::string governor() {
  return first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
}

struct CpuTimes {
  double busy = 0;
  double all = 0;
};

// Over all cores since boot, in ticks.
CpuTimes cpu_times() {
  std::istringstream line(first_line("/proc/stat"));
  std::string name;
  line >> name;
  CpuTimes times;
  double ticks = 0;
  for (int column = 0; line >> ticks && column < 8;
       ++column) {  // user nice system idle iowait irq softirq steal
    times.all += ticks;
    if (column != 3 && column != 4) times.busy += ticks;
  }
  return times;
}

// Looks while this process sleeps. The load average would not do: it remembers our own last minute.
double cores_busy_with_others() {
  const CpuTimes before = cpu_times();
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  const CpuTimes after = cpu_times();
  const double all = after.all - before.all;
  return all > 0 ? (after.busy - before.busy) / all * std::thread::hardware_concurrency() : 0;
}

}  // namespace

std::map<std::string, std::string> describe_machine() {
  std::map<std::string, std::string> facts;
  utsname names{};
  if (::uname(&names) == 0) {
    facts["host"] = names.nodename;
    facts["kernel"] = names.release;
  }
  facts["cpu"] = field_of("/proc/cpuinfo", "model name", ':');
  facts["cores"] = std::to_string(std::thread::hardware_concurrency());
  facts["memory_gib"] = std::to_string((memory_kib("MemTotal") + (1 << 19)) >> 20);
  facts["os"] = field_of("/etc/os-release", "PRETTY_NAME", '=');
  if (!governor().empty()) facts["cpu_governor"] = governor();
  for (const char* name : {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"}) {
    if (const char* value = std::getenv(name); value != nullptr) facts[name] = value;
  }
  return facts;
}

std::vector<std::string> noise_warnings() {
  std::vector<std::string> warnings;
  if (const double busy = cores_busy_with_others(); busy > 0.25) {
    std::ostringstream text;
    text.precision(2);
    text << "other processes keep " << busy << " of " << std::thread::hardware_concurrency()
         << " cores busy; times will be noisy";
    warnings.push_back(text.str());
  }
  if (const std::string name = governor(); !name.empty() && name != "performance") {
    warnings.push_back("the CPU governor is \"" + name + "\"; \"performance\" gives steadier times");
  }
  if (memory_kib("MemAvailable") < 2 * (1 << 20)) {
    warnings.push_back("less than 2 GiB of memory are available; swapping would spoil the times");
  }
  return warnings;
}

bool grants_huge_pages() {
  if (::prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1) return false;
  // "always [madvise] never": the choice stands in brackets; no file: a kernel without them.
  const std::string choices = first_line("/sys/kernel/mm/transparent_hugepage/enabled");
  return choices.find("[always]") != std::string::npos || choices.find("[madvise]") != std::string::npos;
}

int64_t peak_resident_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<int64_t>(usage.ru_maxrss) * 1024;
}

void forget_peak_resident() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

const std::filesystem::path& program_folder() {
  // The link names the file even when it was replaced since ("… (deleted)"); its folder stands either way.
  static const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  return folder;
}

}  // namespace timetrial
