#include "harness/telemetry/host_text.h"

#include <array>
#include <cstdlib>
#include <sstream>

namespace timetrial {

namespace {

constexpr double kKibPerGib = 1 << 20;

}  // namespace

std::optional<CpuTicks> parse_cpu_ticks(const std::string& proc_stat) {
  std::istringstream line(proc_stat.substr(0, proc_stat.find('\n')));
  std::string name;
  line >> name;
  std::array<double, 8> ticks{};  // user nice system idle iowait irq softirq steal
  for (double& column : ticks) line >> column;
  if (name != "cpu" || !line) return std::nullopt;
  return CpuTicks{ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6], ticks[7]};
}

std::optional<double> parse_mean_mhz(const std::string& proc_cpuinfo) {
  std::istringstream lines(proc_cpuinfo);
  double sum = 0;
  int cores = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("cpu MHz")) continue;
    const std::optional<double> mhz = parse_number(line.substr(line.find(':') + 1));
    if (!mhz) continue;
    sum += *mhz;
    ++cores;
  }
  if (cores == 0) return std::nullopt;
  return sum / cores;
}

std::optional<double> parse_memory_gib(const std::string& proc_meminfo, const std::string& key) {
  std::istringstream lines(proc_meminfo);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key + ":")) continue;
    const std::optional<double> kib = parse_number(line.substr(key.size() + 1));
    if (kib) return *kib / kKibPerGib;
  }
  return std::nullopt;
}

std::optional<double> parse_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str()) return std::nullopt;
  return value;
}

}  // namespace timetrial
