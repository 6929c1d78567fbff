#pragma once

// What files of /proc say. Pure: given their text.

#include <optional>
#include <string>

namespace timetrial {

// Over all cores since boot, in clock ticks.
struct CpuTicks {
  double busy = 0;    // by anybody on this machine
  double stolen = 0;  // by the hypervisor for others
};

std::optional<CpuTicks> parse_cpu_ticks(const std::string& proc_stat);
std::optional<double> parse_mean_mhz(const std::string& proc_cpuinfo);
// The line of `key` in /proc/meminfo, in GiB.
std::optional<double> parse_memory_gib(const std::string& proc_meminfo, const std::string& key);
std::optional<double> parse_number(const std::string& text);

}  // namespace timetrial
