#pragma once

// How a machine is set up, as far as it matters to measurements of time. Read from /proc and /sys.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace timetrial {

// What the machine does not tell is empty.
struct HostFacts {
  std::set<std::string> governors;           // of its cores: "performance", "powersave" …
  std::optional<bool> turbo;                 // may a core run faster than its nominal clock
  std::optional<bool> simultaneous_threads;  // do two hardware threads share a core
  std::string huge_pages;                    // "always", "madvise", "never"
  double swapped_gib = 0;                    // memory that was moved to disk
  std::optional<double> memory_available_gib;
  std::string clock_source;  // "tsc", "hpet" …
  std::optional<bool> time_is_synchronised;
  int64_t allowed_cores = 0;         // that this process may run on
  std::optional<double> core_quota;  // cores' worth of time that its control group gets
  double heat_slowdowns = 0;         // of the processor since the machine started
  bool balances_numa = false;        // the kernel moves pages between several nodes
};

// `root`: "/", or a folder with a "proc" and a "sys" of its own. Whether time is synchronised is left empty:
// no file tells.
HostFacts read_host_facts(const std::filesystem::path& root);

// By the kernel's own account; empty where it gives none.
std::optional<bool> time_is_synchronised();

// "0-3,8" -> 5; nothing for what is no such list.
std::optional<int64_t> count_of_list(const std::string& list);

}  // namespace timetrial
