#pragma once

// Rulesets and benchmark tables, as results/exchange wants them to import trials of other harnesses.

#include <string>
#include <vector>

#include "results/exchange/import_rules.h"
#include "tuning/ruleset.h"

namespace timetrial {

// `hardware_class`: the label of the trials, "" = the benchmark's default; a class that the benchmark has no
// table for takes the default's targets and budgets. Throws UserError as load_benchmark does.
ImportRules import_rules_of(const Ruleset& ruleset, const std::string& hardware_class = "");

// The rules to choose from: those of `ruleset` (a name or a file), or of all built-in rulesets when it
// is "".
std::vector<ImportRules> import_candidates(const std::string& ruleset,
                                           const std::string& hardware_class = "");

}  // namespace timetrial
