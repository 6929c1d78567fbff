#include "golden_logs.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

#include "../results/made_up_trials.h"
#include "harness/controller/contest_rules.h"
#include "results/exchange/csv_import.h"

namespace timetrial {

namespace {

const std::filesystem::path kFolder =
    std::filesystem::path(TIMETRIAL_SOURCE_DIR) / "../shared/golden/scoring";

GoldenLogs read_logs(const std::string& name) {
  const ScratchDirectory folder;
  Store store(folder / "results.sqlite");
  const ImportSummary summary = store_trials(
      read_csv(kFolder / (name + ".evals.csv.gz"), kFolder / (name + ".trials.csv"), import_candidates("")),
      store);
  if (summary.left_something_out()) throw std::runtime_error("the import left something of " + name + " out");
  return {nlohmann::json::parse(std::ifstream(kFolder / (name + ".expected.json"))), store.trials()};
}

}  // namespace

bool golden_logs_exist(const std::string& name) {
  return std::filesystem::exists(kFolder / (name + ".expected.json"));
}

const GoldenLogs& golden_logs(const std::string& name) {
  static std::map<std::string, GoldenLogs> read;
  const auto found = read.find(name);
  return found != read.end() ? found->second : read.emplace(name, read_logs(name)).first->second;
}

}  // namespace timetrial
