#include "harness/telemetry/host_reader.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include <sys/resource.h>
#include <unistd.h>

namespace timetrial {

namespace {

// Every file asks a core for its speed: few are enough.
constexpr std::size_t kMostFrequencyFiles = 8;
// The kernel counts in ticks of 10 ms.
constexpr double kShortestStretchSeconds = 0.2;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

rusage own_usage() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

std::vector<std::filesystem::path> spread_over(std::vector<std::filesystem::path> files) {
  if (files.size() <= kMostFrequencyFiles) return files;
  std::vector<std::filesystem::path> some;
  for (std::size_t i = 0; i < kMostFrequencyFiles; ++i)
    some.push_back(files[i * files.size() / kMostFrequencyFiles]);
  return some;
}

std::vector<std::filesystem::path> frequency_files(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& cpu : std::filesystem::directory_iterator(root / "sys/devices/system/cpu", absent)) {
    const std::filesystem::path file = cpu.path() / "cpufreq/scaling_cur_freq";
    if (std::filesystem::exists(file, absent)) files.push_back(file);
  }
  std::sort(files.begin(), files.end());
  return spread_over(std::move(files));
}

std::filesystem::path package_temperature(const std::filesystem::path& root) {
  std::error_code absent;
  for (const auto& zone : std::filesystem::directory_iterator(root / "sys/class/thermal", absent)) {
    if (text_of(zone.path() / "type").starts_with("x86_pkg_temp")) return zone.path() / "temp";
  }
  return {};
}

HostCounters counters_now(const std::filesystem::path& root) {
  const rusage usage = own_usage();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(),
          parse_cpu_ticks(text_of(root / "proc/stat")),
          seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime)};
}

}  // namespace

std::optional<BusyCores> busy_cores(const HostCounters& before, const HostCounters& now,
                                    double ticks_per_second) {
  const double seconds = now.seconds - before.seconds;
  if (!before.ticks || !now.ticks || seconds < kShortestStretchSeconds) return std::nullopt;
  const double busy = (now.ticks->busy - before.ticks->busy) / ticks_per_second;
  const double own = now.own_cpu_seconds - before.own_cpu_seconds;
  const double stolen = (now.ticks->stolen - before.ticks->stolen) / ticks_per_second;
  return BusyCores{std::max(0.0, busy - own) / seconds, std::max(0.0, stolen) / seconds};
}

HostReader::HostReader(std::filesystem::path root)
    : root_(std::move(root)),
      frequency_files_(frequency_files(root_)),
      temperature_file_(package_temperature(root_)),
      before_(counters_now(root_)),
      throttles_at_first_(throttles()),
      major_faults_at_first_(own_usage().ru_majflt) {}

void HostReader::add_to(MachineReading& reading) {
  add_busy_cores(reading);
  add_processor(reading);
  if (const auto available = parse_memory_gib(text_of(root_ / "proc/meminfo"), "MemAvailable"))
    reading.quantities["memory_available_gib"] = *available;
  reading.quantities["major_faults"] = static_cast<double>(own_usage().ru_majflt - major_faults_at_first_);
}

void HostReader::add_busy_cores(MachineReading& reading) {
  const HostCounters now = counters_now(root_);
  const std::optional<BusyCores> busy = busy_cores(before_, now, static_cast<double>(::sysconf(_SC_CLK_TCK)));
  if (!busy) return;  // `before_` stays, so that many short stretches become a long one
  reading.quantities["other_cores_busy"] = busy->others;
  reading.quantities["stolen_cores"] = busy->stolen;
  before_ = now;
}

void HostReader::add_processor(MachineReading& reading) const {
  if (const auto mhz = mean_mhz()) reading.quantities["cpu_mhz"] = *mhz;
  if (const auto millidegrees = parse_number(text_of(temperature_file_)); millidegrees)
    reading.quantities["cpu_celsius"] = 0.001 * *millidegrees;
  if (const auto count = throttles(); count && throttles_at_first_)
    reading.quantities["cpu_throttles"] = *count - *throttles_at_first_;
}

std::optional<double> HostReader::mean_mhz() const {
  if (frequency_files_.empty()) return parse_mean_mhz(text_of(root_ / "proc/cpuinfo"));
  double sum = 0;
  double cores = 0;
  for (const std::filesystem::path& file : frequency_files_) {
    const std::optional<double> khz = parse_number(text_of(file));
    if (!khz) continue;
    sum += 0.001 * *khz;
    ++cores;
  }
  if (cores == 0) return std::nullopt;
  return sum / cores;
}

std::optional<double> HostReader::throttles() const {
  return parse_number(text_of(root_ / "sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count"));
}

}  // namespace timetrial
