#pragma once

#include <filesystem>
#include <vector>

#include "harness/journal/trial_spec.h"

namespace timetrial {

// Prints what the sync audits of these trials found: the verdicts, and of a single trial all places. Trials
// that were not audited print nothing.
void print_sync_audits(const std::vector<TrialSpec>& specs, const std::filesystem::path& results);

}  // namespace timetrial
