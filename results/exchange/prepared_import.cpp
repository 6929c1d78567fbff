#include "results/exchange/prepared_import.h"

#include <algorithm>
#include <filesystem>

namespace timetrial {

namespace {

// Stored together: enough to spare the disk, few enough that others who wait for the file need not wait long.
constexpr std::size_t kTogether = 256;

}  // namespace

ImportSummary store_trials(PreparedImport prepared, Store& store) {
  const std::vector<ImportedTrial>& trials = prepared.trials;
  for (std::size_t begin = 0; begin < trials.size(); begin += kTogether) {
    store.add_together([&] {
      for (std::size_t i = begin; i < std::min(begin + kTogether, trials.size()); ++i) {
        const std::string source = std::filesystem::absolute(trials[i].source).lexically_normal().string();
        prepared.summary.count(trials[i], store.add(trials[i].spec, trials[i].records, source));
      }
    });
  }
  return std::move(prepared.summary);
}

}  // namespace timetrial
