#include "harness/threads/rest.h"

#include <algorithm>

namespace timetrial {

std::optional<Unrest> unrest(const std::vector<ThreadReading>& before,
                             const std::vector<ThreadReading>& after, double wall_seconds) {
  Unrest found;
  double beyond = 0;
  for (const ThreadReading& thread : before) {
    const auto later = std::find_if(after.begin(), after.end(),
                                    [&](const ThreadReading& other) { return other.key == thread.key; });
    if (later == after.end()) continue;
    const double used = later->cpu_seconds - thread.cpu_seconds;
    found.cpu_seconds += used;
    beyond += std::max(0.0, used - kToleratedCpuSeconds);
    if (used <= found.busiest_cpu_seconds) continue;
    found.busiest_cpu_seconds = used;
    found.busiest = "'" + thread.name + "' (id " + std::to_string(thread.key.id) + ")";
  }
  // Readings are whole ticks: their differences are exact to rounding only.
  return beyond > kToleratedShare * wall_seconds + 1e-9 ? std::optional(found) : std::nullopt;
}

}  // namespace timetrial
