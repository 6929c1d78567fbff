#pragma once

// The tidy table -> trials of ours.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "results/exchange/import_rules.h"
#include "results/exchange/imported_trial.h"
#include "results/exchange/prepared_import.h"
#include "results/exchange/tidy_table.h"

namespace timetrial {

// The ruleset a table was measured under. Of several candidates: the one that the table of trials names, else
// the only one with just as many studies and trials per study. Throws UserError when that does not tell.
const ImportRules& rules_of_table(const TidyTable& table, const std::vector<ImportRules>& candidates);

// Pure. Trials of workloads that neither the rules nor the table of trials explain are left out. Target and
// budget are the ruleset's.
std::vector<ImportedTrial> trials_of_table(TidyTable table, const ImportRules& rules,
                                           ImportProblems& problems);

// Throws UserError for files that cannot be read at all, and when the ruleset cannot be told.
PreparedImport read_csv(const std::filesystem::path& evaluations,
                        const std::optional<std::filesystem::path>& trials,
                        const std::vector<ImportRules>& candidates);

}  // namespace timetrial
