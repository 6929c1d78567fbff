#include "harness/journal/sync_verdict.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace timetrial {

namespace {

bool is_workload(const SyncPlace& place) {
  return place.hook == "workload";
}

double per_step(double total, int64_t steps) {
  return steps > 0 ? total / static_cast<double>(steps) : total;
}

bool same_place(const SyncPlace& left, const SyncPlace& right) {
  return left.hook == right.hook && left.operation == right.operation && left.stack == right.stack;
}

void put_place(std::ostream& out, const SyncPlace& place, int64_t steps) {
  out << "  " << place.hook << ": " << place.operation << ", " << place.count << " times in " << steps
      << " steps, " << 1e3 * place.seconds << " ms" << (is_workload(place) ? " (does not count)" : "")
      << '\n';
  std::istringstream stack(place.stack);
  for (std::string frame; std::getline(stack, frame);) out << "      " << frame << '\n';
}

}  // namespace

SyncVerdict sync_verdict(const std::vector<SyncAuditRecord>& audits) {
  SyncVerdict verdict;
  for (const SyncAuditRecord& audit : audits) {
    verdict.steps += audit.steps;
    for (const SyncPlace& place : audit.places) {
      if (is_workload(place)) continue;
      verdict.waits += place.count;
      verdict.seconds += place.seconds;
    }
  }
  return verdict;
}

std::string to_string(const SyncVerdict& verdict) {
  if (verdict.sync_free()) return "sync-free: yes";
  if (verdict.steps == 0) return "no step was audited";
  std::ostringstream text;
  text << std::setprecision(3) << per_step(static_cast<double>(verdict.waits), verdict.steps) << " per step, "
       << 1e3 * per_step(verdict.seconds, verdict.steps) << " ms";
  return text.str();
}

std::string sync_audit_text(const SyncAuditRecord& audit) {
  std::ostringstream text;
  text << std::setprecision(3) << "host waits for the device, told by " << audit.method << ": "
       << to_string(sync_verdict({audit})) << '\n';
  for (const SyncPlace& place : audit.places) put_place(text, place, audit.steps);
  return text.str();
}

SyncAuditRecord merged_sync_audit(const std::vector<SyncAuditRecord>& audits) {
  SyncAuditRecord merged;
  for (const SyncAuditRecord& audit : audits) {
    merged.steps += audit.steps;
    merged.method = audit.method;
    for (const SyncPlace& place : audit.places) {
      const auto known = std::find_if(merged.places.begin(), merged.places.end(),
                                      [&](const SyncPlace& other) { return same_place(place, other); });
      if (known == merged.places.end()) {
        merged.places.push_back(place);
      } else {
        known->count += place.count;
        known->seconds += place.seconds;
      }
    }
  }
  return merged;
}

}  // namespace timetrial
