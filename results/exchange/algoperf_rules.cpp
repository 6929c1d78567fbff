#include "results/exchange/algoperf_rules.h"

#include <algorithm>
#include <set>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

std::string tuning_of(const AlgoperfTrial& trial) {
  if (!trial.facts.tuning_ruleset.empty()) return trial.facts.tuning_ruleset;
  std::string tuning;
  for (const std::filesystem::path& part : std::filesystem::absolute(trial.place.directory)) {
    if (part == "external_tuning") tuning = "external";
    if (part == "self_tuning") tuning = "self";
  }
  return tuning;
}

bool fits(const ImportRules& rules, const AlgoperfTrial& trial) {
  const auto known = rules.workloads.find(trial.place.workload);
  const std::optional<double>& budget = trial.facts.workload.budget_seconds;
  return known == rules.workloads.end() || !budget || known->second.logged_budget_seconds == *budget;
}

}  // namespace

AlgoperfRules::Group AlgoperfRules::group_of(const AlgoperfTrial& trial) {
  return {trial.place.submission, tuning_of(trial)};
}

AlgoperfRules::AlgoperfRules(const std::vector<AlgoperfTrial>& trials,
                             const std::vector<ImportRules>& candidates) {
  if (candidates.size() == 1) {
    only_ = &candidates.front();
    return;
  }
  std::map<Group, std::vector<const ImportRules*>> possible;
  for (const AlgoperfTrial& trial : trials) {
    if (trial.identity) continue;  // brings its own rules
    const Group group = group_of(trial);
    const auto [found, is_new] = possible.try_emplace(group);
    for (const ImportRules& rules : candidates) {
      if (is_new && rules.tier == "full" && rules.self_tuning == (group.second == "self") &&
          !group.second.empty()) {
        found->second.push_back(&rules);
      }
    }
    std::erase_if(found->second, [&](const ImportRules* rules) { return !fits(*rules, trial); });
  }
  std::map<std::string, std::set<const ImportRules*>> certain;  // by way of tuning
  for (const auto& [group, rules] : possible) {
    if (rules.size() == 1) certain[group.second].insert(rules.front());
  }
  for (const auto& [group, rules] : possible) {
    const std::set<const ImportRules*>& others = certain[group.second];
    const bool others_tell = rules.size() > 1 && others.size() == 1 &&
                             std::find(rules.begin(), rules.end(), *others.begin()) != rules.end();
    if (rules.size() != 1 && !others_tell) {
      throw UserError({"the logs do not tell which ruleset they were made under", "submission " + group.first,
                       group.second.empty() ? "neither external nor self tuning" : "",
                       "give --ruleset, one of: " + names_of(candidates) + ", or a JSON file"});
    }
    chosen_[group] = others_tell ? *others.begin() : rules.front();
  }
}

const ImportRules& AlgoperfRules::of(const AlgoperfTrial& trial) const {
  return only_ != nullptr ? *only_ : *chosen_.at(group_of(trial));
}

}  // namespace timetrial
