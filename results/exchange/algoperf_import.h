#pragma once

// AlgoPerf's logs -> trials of ours.

#include <filesystem>
#include <vector>

#include "results/exchange/import_rules.h"
#include "results/exchange/prepared_import.h"

namespace timetrial {

// `directory`: see algoperf_tree.h. `candidates`: see algoperf_rules.h. Throws UserError when there are no
// logs, and when the ruleset cannot be told.
PreparedImport read_algoperf(const std::filesystem::path& directory,
                             const std::vector<ImportRules>& candidates);

}  // namespace timetrial
