#pragma once

// Looks at processors and memory.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/telemetry/host_text.h"
#include "harness/telemetry/machine_reading.h"

namespace timetrial {

// What the kernel's counters were at some moment.
struct HostCounters {
  double seconds = 0;  // of the steady clock
  std::optional<CpuTicks> ticks;
  double own_cpu_seconds = 0;
};

class HostReader {
 public:
  // `root`: "/", or a folder with a "proc" and a "sys" of its own.
  explicit HostReader(std::filesystem::path root = "/");

  // A look too soon after the one before says nothing about how busy cores were.
  void add_to(MachineReading& reading);

 private:
  void add_busy_cores(MachineReading& reading);
  void add_processor(MachineReading& reading) const;
  std::optional<double> mean_mhz() const;
  std::optional<double> throttles() const;

  std::filesystem::path root_;
  std::vector<std::filesystem::path> frequency_files_;  // of some cores, spread over all
  std::filesystem::path temperature_file_;              // empty: none
  HostCounters before_;
  std::optional<double> throttles_at_first_;
  long major_faults_at_first_ = 0;
};

// Cores that others kept busy and cores that the hypervisor took, between two moments. Empty where the kernel
// counts nothing or the moments are too close to each other. Pure.
struct BusyCores {
  double others = 0;
  double stolen = 0;
};
std::optional<BusyCores> busy_cores(const HostCounters& before, const HostCounters& now,
                                    double ticks_per_second);

}  // namespace timetrial
