#pragma once

// AlgoPerf's JSON files of a trial: hparams.json, meta_data_0.json, flags_0.json. Pure; what cannot be
// understood is a problem, and the rest is used.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/journal/trial_spec.h"
#include "results/exchange/import_problem.h"

namespace timetrial {

// What a log tells of its workload.
struct LoggedWorkload {
  std::string metric;  // "" when not logged, as all of these
  std::optional<double> validation_target;
  std::optional<double> test_target;
  std::optional<double> budget_seconds;
  std::optional<double> evaluation_period_seconds;
  std::optional<int64_t> step_hint;
  std::optional<int64_t> evaluation_batch_size;
};

struct LoggedFacts {
  LoggedWorkload workload;
  std::map<std::string, std::string> provenance;
  std::map<std::string, std::string> machine;
  std::optional<uint64_t> seed;
  std::string tuning_ruleset;  // "external", "self" or ""
};

// Numbers, true, false and texts are kept; lists, objects and null become their JSON text.
HyperparameterMap read_hyperparameters(std::string_view json, const std::string& where,
                                       ImportProblems& problems);

void read_meta_data(std::string_view json, const std::string& where, LoggedFacts& facts,
                    ImportProblems& problems);
void read_flags(std::string_view json, const std::string& where, LoggedFacts& facts,
                ImportProblems& problems);

}  // namespace timetrial
