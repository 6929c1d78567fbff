#include "harness/telemetry/disturbances.h"

#include <cmath>
#include <sstream>

namespace timetrial {

namespace {

constexpr double kToleratedBusyCores = 0.25;
constexpr double kToleratedStolenCores = 0.02;
constexpr double kToleratedSwapGib = 0.1;
constexpr double kFewestGib = 2;
constexpr double kHotGpuCelsius = 80;

double quantity(const MachineReading& reading, const std::string& name) {
  const auto found = reading.quantities.find(name);
  return found == reading.quantities.end() ? 0 : found->second;
}

std::string number(double value) {
  std::ostringstream text;
  text.precision(3);
  text << value;
  return text.str();
}

void look_at_processor(const HostFacts& facts, std::vector<Disturbance>& found) {
  for (const std::string& governor : facts.governors) {
    if (governor == "performance") continue;
    found.push_back({"the clock of cores follows their load (governor \"" + governor + "\")",
                     "sudo cpupower frequency-set --governor performance"});
  }
  if (facts.turbo.value_or(false)) {
    found.push_back({"turbo is on: the clock of a core depends on heat and on what the others do",
                     "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo, or echo 0 | sudo tee "
                     "/sys/devices/system/cpu/cpufreq/boost"});
  }
  if (facts.simultaneous_threads.value_or(false)) {
    found.push_back({"two hardware threads share each core, so what runs on one slows down the other",
                     "echo off | sudo tee /sys/devices/system/cpu/smt/control, or --threads with the number "
                     "of cores"});
  }
  if (facts.heat_slowdowns > 0) {
    found.push_back({"the processor slowed down for heat " + number(facts.heat_slowdowns) +
                         " times since the machine started",
                     "see to its cooling, or set a lower fixed clock"});
  }
  if (facts.core_quota && *facts.core_quota < static_cast<double>(facts.allowed_cores)) {
    found.push_back({"this container gets the time of " + number(*facts.core_quota) + " cores on " +
                         std::to_string(facts.allowed_cores) + ", and stands still when that is used up",
                     "give it whole cores (docker: --cpuset-cpus instead of --cpus; Kubernetes: the static "
                     "CPU policy)"});
  }
}

void look_at_load(const MachineReading& now, std::vector<Disturbance>& found) {
  if (const double busy = quantity(now, "other_cores_busy"); busy > kToleratedBusyCores)
    found.push_back({"other processes keep " + number(busy) + " cores busy", "end them (top shows which)"});
  if (const double stolen = quantity(now, "stolen_cores"); stolen > kToleratedStolenCores) {
    found.push_back({"the hypervisor gives the time of " + number(stolen) + " cores to others",
                     "use a machine, or cores, of your own"});
  }
}

void look_at_memory(const HostFacts& facts, std::vector<Disturbance>& found) {
  if (facts.swapped_gib > kToleratedSwapGib) {
    found.push_back({number(facts.swapped_gib) + " GiB of memory are swapped out to disk",
                     "end what needs the memory, then sudo swapoff --all"});
  }
  if (facts.memory_available_gib && *facts.memory_available_gib < kFewestGib) {
    found.push_back({"only " + number(*facts.memory_available_gib) + " GiB of memory are available",
                     "end what needs the memory"});
  }
  if (facts.huge_pages == "never") {
    found.push_back({"the kernel grants no huge pages, so training on the CPU is slower than it need be",
                     "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"});
  }
  if (facts.balances_numa) {
    found.push_back({"the kernel moves memory between the sockets while programs run",
                     "echo 0 | sudo tee /proc/sys/kernel/numa_balancing"});
  }
}

void look_at_time(const HostFacts& facts, std::vector<Disturbance>& found) {
  for (const char* slow : {"hpet", "acpi_pm", "jiffies", "refined-jiffies"}) {
    if (facts.clock_source != slow) continue;
    found.push_back({"reading the clock takes a microsecond (clock source \"" + facts.clock_source + "\")",
                     "boot with clocksource=tsc, if the processor's counter is reliable"});
  }
  if (facts.time_is_synchronised && !*facts.time_is_synchronised) {
    found.push_back({"nothing keeps this machine's time right, so times of several machines do not compare",
                     "start chrony or systemd-timesyncd"});
  }
}

}  // namespace

std::vector<Disturbance> host_disturbances(const HostFacts& facts, const MachineReading& now) {
  std::vector<Disturbance> found;
  look_at_processor(facts, found);
  look_at_load(now, found);
  look_at_memory(facts, found);
  look_at_time(facts, found);
  return found;
}

std::vector<Disturbance> gpu_disturbances(const std::string& name, const MachineReading& now) {
  std::vector<Disturbance> found;
  if (const double others = quantity(now, "gpu_other_processes"); others > 0)
    found.push_back({number(others) + " other processes use " + name, "end them (nvidia-smi shows which)"});
  for (const std::string& reason : now.throttle_reasons)
    found.push_back({name + " does not run at its full clock: " + reason,
                     "nvidia-smi -q -d PERFORMANCE,CLOCK,POWER,TEMPERATURE shows limits and settings"});
  if (const double celsius = quantity(now, "gpu_celsius"); celsius > kHotGpuCelsius) {
    found.push_back({name + " is at " + number(std::round(celsius)) + " degrees with nothing of ours on it",
                     "let it cool down, and see to its air"});
  }
  return found;
}

}  // namespace timetrial
