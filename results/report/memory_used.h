#pragma once

// How much memory trials took, by workload and submission. Pure.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

// Bytes: the largest over the trials and their attempts.
struct MemoryUsed {
  std::map<std::string, MemoryPeak> phases;  // "startup", "training", "evaluation"
  int64_t host_reserved = 0;
  int64_t device_reserved = 0;
  int64_t trials = 0;                     // that told of their memory
  std::set<std::string> host_allocators;  // "caching", "system"
  int64_t without_huge_pages = 0;         // trials of machines that grant none
};

// full workload name -> submission -> memory. Trials that tell nothing, such as imported ones, take no part.
using MemoryUsedTable = std::map<std::string, std::map<std::string, MemoryUsed>>;

MemoryUsedTable memory_used(const std::vector<TrialResult>& trials);

}  // namespace timetrial
