#include "results/exchange/prepared_import.h"

#include <filesystem>

namespace timetrial {

ImportSummary store_trials(PreparedImport prepared, Store& store) {
  for (const ImportedTrial& trial : prepared.trials) {
    const std::string source = std::filesystem::absolute(trial.source).lexically_normal().string();
    prepared.summary.count(trial, store.add(trial.spec, trial.records, source));
  }
  return std::move(prepared.summary);
}

}  // namespace timetrial
