#include "harness/machine/machine.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

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
  const double cores = std::thread::hardware_concurrency();
  double load = 0;
  std::istringstream(first_line("/proc/loadavg")) >> load;
  if (load > 0.5 * cores) {
    std::ostringstream text;
    text << "other work is running: load " << load << " on " << cores << " cores; times will be noisy";
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

int64_t peak_resident_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<int64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace timetrial
