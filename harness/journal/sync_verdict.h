#pragma once

// What a sync audit comes to: does the submission make the host wait for the device, how often, how long.
// Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/journal/measurements.h"

namespace timetrial {

// Over all attempts of a trial. Waits of the hook "workload" are the model's own and not among them.
struct SyncVerdict {
  int64_t steps = 0;
  int64_t waits = 0;
  double seconds = 0;

  bool sync_free() const { return steps > 0 && waits == 0; }
};

SyncVerdict sync_verdict(const std::vector<SyncAuditRecord>& audits);

// "sync-free: yes", "3 per step, 0.41 ms" (both per step), "no step was audited".
std::string to_string(const SyncVerdict& verdict);

// The verdict and every place with its stack, for people; ends with a line break.
std::string sync_audit_text(const SyncAuditRecord& audit);

// Several attempts as one: the same place counts once.
SyncAuditRecord merged_sync_audit(const std::vector<SyncAuditRecord>& audits);

}  // namespace timetrial
