#include "harness/telemetry/host_facts.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <sys/timex.h>

#include "harness/telemetry/host_text.h"

namespace timetrial {

namespace {

namespace fs = std::filesystem;

std::string trimmed_text_of(const fs::path& file) {
  // The kernel refuses to read some of these at times: such a fact is absent (an iterator would throw).
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  std::string text = content.str();
  text.erase(text.find_last_not_of(" \n\t") + 1);
  return text;
}

std::set<std::string> governors_of(const fs::path& root) {
  std::set<std::string> governors;
  std::error_code absent;
  for (const auto& cpu : fs::directory_iterator(root / "sys/devices/system/cpu", absent)) {
    const std::string governor = trimmed_text_of(cpu.path() / "cpufreq/scaling_governor");
    if (!governor.empty()) governors.insert(governor);
  }
  return governors;
}

std::optional<bool> turbo_of(const fs::path& root) {
  if (const std::string off = trimmed_text_of(root / "sys/devices/system/cpu/intel_pstate/no_turbo");
      !off.empty())
    return off == "0";
  if (const std::string on = trimmed_text_of(root / "sys/devices/system/cpu/cpufreq/boost"); !on.empty())
    return on == "1";
  return std::nullopt;
}

// "always [madvise] never": the choice stands in brackets.
std::string chosen_of(const std::string& choices) {
  const size_t begin = choices.find('[');
  const size_t end = choices.find(']');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return "";
  return choices.substr(begin + 1, end - begin - 1);
}

// The line of `key` in a file of "key: value" lines.
std::string line_of(const std::string& text, const std::string& key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(key + ":")) continue;
    const size_t start = line.find_first_not_of(" \t", key.size() + 1);
    return start == std::string::npos ? "" : line.substr(start);
  }
  return "";
}

// "max 100000": none.
std::optional<double> quota_of(const std::string& quota_text, const std::string& period_text) {
  const std::optional<double> quota = parse_number(quota_text);
  const std::optional<double> period = parse_number(period_text);
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  return *quota / *period;
}

// The least of this process's control group and those around it.
std::optional<double> core_quota_of(const fs::path& root) {
  const std::string groups = trimmed_text_of(root / "proc/self/cgroup");
  const fs::path mount = root / "sys/fs/cgroup";
  std::optional<double> least;
  const auto lower = [&](const std::optional<double>& quota) {
    if (quota) least = std::min(least.value_or(*quota), *quota);
  };
  std::istringstream lines(groups);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("0::/")) continue;
    for (fs::path group = line.substr(4);; group = group.parent_path()) {
      std::istringstream words(trimmed_text_of(mount / group / "cpu.max"));
      std::string quota;
      std::string period;
      words >> quota >> period;
      lower(quota_of(quota, period));
      if (group.empty()) break;
    }
  }
  lower(quota_of(trimmed_text_of(mount / "cpu/cpu.cfs_quota_us"),
                 trimmed_text_of(mount / "cpu/cpu.cfs_period_us")));
  return least;
}

bool balances_numa(const fs::path& root) {
  return trimmed_text_of(root / "proc/sys/kernel/numa_balancing") == "1" &&
         count_of_list(trimmed_text_of(root / "sys/devices/system/node/online")).value_or(1) > 1;
}

}  // namespace

std::optional<int64_t> count_of_list(const std::string& list) {
  int64_t count = 0;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    const std::optional<double> first = parse_number(part);
    if (!first) return std::nullopt;
    const size_t dash = part.find('-');
    const std::optional<double> last =
        dash == std::string::npos ? first : parse_number(part.substr(dash + 1));
    if (!last || *last < *first) return std::nullopt;
    count += static_cast<int64_t>(*last - *first) + 1;
  }
  if (count == 0) return std::nullopt;
  return count;
}

HostFacts read_host_facts(const fs::path& root) {
  const fs::path cpus = root / "sys/devices/system/cpu";
  const std::string memory = trimmed_text_of(root / "proc/meminfo");
  HostFacts facts;
  facts.governors = governors_of(root);
  facts.turbo = turbo_of(root);
  if (const std::string active = trimmed_text_of(cpus / "smt/active"); !active.empty())
    facts.simultaneous_threads = active == "1";
  facts.huge_pages = chosen_of(trimmed_text_of(root / "sys/kernel/mm/transparent_hugepage/enabled"));
  facts.swapped_gib =
      parse_memory_gib(memory, "SwapTotal").value_or(0) - parse_memory_gib(memory, "SwapFree").value_or(0);
  facts.memory_available_gib = parse_memory_gib(memory, "MemAvailable");
  facts.clock_source =
      trimmed_text_of(root / "sys/devices/system/clocksource/clocksource0/current_clocksource");
  facts.allowed_cores =
      count_of_list(line_of(trimmed_text_of(root / "proc/self/status"), "Cpus_allowed_list")).value_or(0);
  facts.core_quota = core_quota_of(root);
  facts.heat_slowdowns =
      parse_number(trimmed_text_of(cpus / "cpu0/thermal_throttle/package_throttle_count")).value_or(0);
  facts.balances_numa = balances_numa(root);
  return facts;
}

std::optional<bool> time_is_synchronised() {
  timex state{};  // modes 0: only asks
  if (::adjtimex(&state) < 0) return std::nullopt;
  return (state.status & STA_UNSYNC) == 0;
}

}  // namespace timetrial
