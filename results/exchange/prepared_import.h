#pragma once

// An import in two steps: all files are read before the result file is opened, so that an import that cannot
// be made leaves no trace.

#include <vector>

#include "results/exchange/import_summary.h"
#include "results/exchange/imported_trial.h"
#include "results/store/store.h"

namespace timetrial {

struct PreparedImport {
  std::vector<ImportedTrial> trials;
  ImportSummary summary;  // so far: the problems of the files
};

// Each trial is stored whole or not at all, a few hundred at a time. Throws what Store throws; the groups
// before it are then stored, and the same import goes on from there.
ImportSummary store_trials(PreparedImport prepared, Store& store);

}  // namespace timetrial
