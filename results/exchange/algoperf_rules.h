#pragma once

// Under which ruleset AlgoPerf's logs were made. Pure.

#include <map>
#include <string>
#include <vector>

#include "results/exchange/algoperf_trial.h"
#include "results/exchange/import_rules.h"

namespace timetrial {

// One per submission and way of tuning. The way is told by flags_0.json, else by a folder external_tuning or
// self_tuning in the path; the version by the logged budgets, which must be those of the benchmark. A
// submission whose budgets fit several versions takes the version of the others beside it. With one candidate
// only, that one; of several, those of full-size benchmarks. Throws UserError when it cannot be told.
class AlgoperfRules {
 public:
  AlgoperfRules(const std::vector<AlgoperfTrial>& trials, const std::vector<ImportRules>& candidates);

  const ImportRules& of(const AlgoperfTrial& trial) const;

 private:
  using Group = std::pair<std::string, std::string>;  // submission, way of tuning

  static Group group_of(const AlgoperfTrial& trial);

  const ImportRules* only_ = nullptr;
  std::map<Group, const ImportRules*> chosen_;
};

}  // namespace timetrial
