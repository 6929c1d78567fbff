#pragma once

// What the sync audits found, by workload and submission. Pure.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"

namespace timetrial {

struct HostWaits {
  int64_t trials = 0;
  SyncAuditRecord audit;  // of all of them together
};

// full workload name -> submission -> what was found. Trials that were not audited are left out.
using HostWaitsTable = std::map<std::string, std::map<std::string, HostWaits>>;

HostWaitsTable host_waits(const std::vector<TrialResult>& trials);

}  // namespace timetrial
