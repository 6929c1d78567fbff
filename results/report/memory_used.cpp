#include "results/report/memory_used.h"

#include <algorithm>

namespace timetrial {

namespace {

void raise(MemoryUsed& used, const MemoryRecord& record) {
  used.host_reserved = std::max(used.host_reserved, record.host_reserved_bytes);
  used.device_reserved = std::max(used.device_reserved, record.device_reserved_bytes);
  for (const auto& [phase, peak] : record.phases) used.phases[phase].raise_to(peak);
  used.host_allocators.insert(record.host_allocator);
}

}  // namespace

MemoryUsedTable memory_used(const std::vector<TrialResult>& trials) {
  MemoryUsedTable table;
  for (const TrialResult& trial : trials) {
    if (trial.memory.empty()) continue;
    MemoryUsed& used = table[full_workload_name(trial.spec)][trial.spec.submission];
    ++used.trials;
    if (!trial.memory.back().huge_pages) ++used.without_huge_pages;
    for (const MemoryRecord& record : trial.memory) raise(used, record);
  }
  return table;
}

}  // namespace timetrial
