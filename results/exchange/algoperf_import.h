#pragma once

// AlgoPerf's logs -> the result file.

#include <filesystem>
#include <vector>

#include "results/exchange/import_rules.h"
#include "results/exchange/import_summary.h"
#include "results/store.h"

namespace timetrial {

// `directory`: see algoperf_tree.h. `candidates`: see algoperf_rules.h. Throws UserError when there are no
// logs, when the ruleset cannot be told (nothing is stored then), and for what Store throws. One transaction
// a trial.
ImportSummary import_algoperf(const std::filesystem::path& directory,
                              const std::vector<ImportRules>& candidates, Store& store);

}  // namespace timetrial
