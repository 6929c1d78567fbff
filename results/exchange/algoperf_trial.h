#pragma once

// The files of one of AlgoPerf's trials -> a trial of ours. Pure. measurements.csv holds what a submission
// logs for itself and plays no part in scores; it is not read.

#include <optional>
#include <string>

#include "results/exchange/algoperf_tree.h"
#include "results/exchange/evaluation_table.h"
#include "results/exchange/exported_identity.h"
#include "results/exchange/import_rules.h"
#include "results/exchange/imported_trial.h"
#include "results/exchange/logged_facts.h"

namespace timetrial {

// The texts of the files that are there.
struct AlgoperfFiles {
  std::optional<std::string> evaluations;  // eval_measurements.csv
  std::optional<std::string> hyperparameters;
  std::optional<std::string> meta_data;
  std::optional<std::string> flags;
  std::optional<std::string> identity;  // timetrial.json
};

// The files, understood.
struct AlgoperfTrial {
  LoggedTrial place;
  EvaluationTable table;
  LoggedFacts facts;
  std::optional<HyperparameterMap> hyperparameters;
  std::optional<ExportedIdentity> identity;
};

AlgoperfTrial parse_algoperf_trial(const LoggedTrial& place, const AlgoperfFiles& files,
                                   ImportProblems& problems);

// Nothing when the trial must be left out: its table is unusable, or nobody knows its workload. The rules win
// over what was logged; of workloads they do not know the logged target and budget are used.
std::optional<ImportedTrial> import_algoperf_trial(AlgoperfTrial trial, const ImportRules& rules,
                                                   ImportProblems& problems);

}  // namespace timetrial
