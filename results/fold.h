#pragma once

// Journal -> rows. What is in the file already is left as it is.

#include <filesystem>

#include "results/sqlite.h"
#include "results/store.h"

namespace timetrial {

// Reads trial.json and the journal of a trial directory and adds what the file lacks, in one transaction. A
// trial whose journal holds no record yet has not begun: nothing is added (trial_id 0).
FoldSummary fold_trial(Database& database, const std::filesystem::path& trial_directory);

}  // namespace timetrial
