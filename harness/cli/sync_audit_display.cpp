#include "harness/cli/sync_audit_display.h"

#include <fmt/format.h>

#include "harness/controller/trial_execution.h"
#include "harness/journal/journal.h"
#include "harness/journal/sync_verdict.h"

namespace timetrial {

void print_sync_audits(const std::vector<TrialSpec>& specs, const std::filesystem::path& results) {
  for (const TrialSpec& spec : specs) {
    if (!spec.audit_sync) continue;
    std::vector<SyncAuditRecord> audits;
    for (const JournalRecord& record : read_journal(trial_directory(results, spec)).records) {
      if (const auto* audit = std::get_if<SyncAuditRecord>(&record)) audits.push_back(*audit);
    }
    if (specs.size() == 1 && !audits.empty()) {
      fmt::print("{}", sync_audit_text(merged_sync_audit(audits)));
    } else {
      fmt::print("{} on {}, study {} trial {}: {}\n", spec.submission, full_workload_name(spec), spec.study,
                 spec.trial, to_string(sync_verdict(audits)));
    }
  }
}

}  // namespace timetrial
