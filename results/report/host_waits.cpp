#include "results/report/host_waits.h"

#include <algorithm>

#include "harness/journal/sync_verdict.h"

namespace timetrial {

HostWaitsTable host_waits(const std::vector<TrialResult>& trials) {
  HostWaitsTable table;
  for (const TrialResult& trial : trials) {
    if (trial.sync_audits.empty()) continue;
    HostWaits& waits = table[full_workload_name(trial.spec)][trial.spec.submission];
    ++waits.trials;
    std::vector<SyncAuditRecord> audits = trial.sync_audits;
    if (waits.trials > 1) audits.insert(audits.begin(), waits.audit);
    waits.audit = merged_sync_audit(audits);
  }
  for (auto& [workload, row] : table) {
    for (auto& [submission, waits] : row) {
      std::stable_sort(
          waits.audit.places.begin(), waits.audit.places.end(),
          [](const SyncPlace& left, const SyncPlace& right) { return left.count > right.count; });
    }
  }
  return table;
}

}  // namespace timetrial
