#pragma once

// What the machine was while trials ran, by workload and submission. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "results/scoring/measurement.h"
#include "results/scoring/reference_drift.h"

namespace timetrial {

struct MachineRecord {
  int64_t trials = 0;                               // that told anything
  std::map<std::string, QuantityRange> quantities;  // least, median of the attempts' medians, most
  std::set<std::string> throttle_reasons;
  int64_t gauged = 0;   // trials whose drift is known
  int64_t drifted = 0;  // of these, by more than their ruleset allows
  std::optional<ReferenceDrift> most_drift;
  double reference_seconds = 0;  // wall time that the reference kernels took, all together
};

// full workload name -> submission -> what was told. Trials that told nothing are left out.
using MachineRecordTable = std::map<std::string, std::map<std::string, MachineRecord>>;

MachineRecordTable machine_records(const std::vector<TrialResult>& trials);

}  // namespace timetrial
