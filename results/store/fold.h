#pragma once

// Journal -> rows. What is in the file already is left as it is.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/journal/record.h"
#include "harness/journal/trial_spec.h"
#include "results/store/sqlite.h"
#include "results/store/store.h"

namespace timetrial {

// Reads trial.json and the journal of a trial directory and adds what the file lacks, in one transaction. A
// trial whose journal holds no record yet has not begun: nothing is added (trial_id 0).
FoldSummary fold_trial(Database& database, const std::filesystem::path& trial_directory);

// The same for records that come from elsewhere (an import): one trial, one transaction. `source` stands for
// the trial directory. The first record must be a StartRecord.
FoldSummary fold_records(Database& database, const TrialSpec& spec, const std::vector<JournalRecord>& records,
                         const std::string& source);

}  // namespace timetrial
