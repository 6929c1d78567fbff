#include "results/scoring/trial_selection.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

template <typename Value>
bool wanted(const std::vector<Value>& chosen, const Value& value) {
  return chosen.empty() || std::find(chosen.begin(), chosen.end(), value) != chosen.end();
}

bool is_scored(const Entry& entry, const ScoreOptions& options) {
  if (!options.hits.ruleset.empty() && entry.ruleset != options.hits.ruleset) return false;
  if (!wanted(options.submissions, entry.submission)) return false;
  const auto has = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), entry.workload) != names.end();
  };
  const ProfileOptions& profile = options.profile;
  return has(profile.held_out) ||
         (profile.base_workloads.empty() ? !entry.is_variant : has(profile.base_workloads));
}

// Entries whose trials stand at the same place of the same score: other builds of one submission, other rules
// of one name.
std::vector<std::size_t> place_of_entries(const std::vector<Entry>& entries) {
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> places;
  std::vector<std::size_t> place_of;
  for (const Entry& entry : entries) {
    place_of.push_back(
        places.emplace(std::make_tuple(entry.submission, entry.ruleset, entry.workload), places.size())
            .first->second);
  }
  return place_of;
}

struct PlaceHash {
  std::size_t operator()(const std::tuple<std::size_t, int64_t, int64_t>& place) const {
    const auto& [entry, study, trial] = place;
    return (entry * 1000003 + static_cast<std::size_t>(study)) * 1000003 + static_cast<std::size_t>(trial);
  }
};

// A trial that was run again replaces the earlier one at its place, so that re-runs are no extra chances.
std::size_t remove_replaced(std::vector<const ScoredTrial*>& trials, const std::vector<Entry>& entries) {
  const std::vector<std::size_t> place_of = place_of_entries(entries);
  std::unordered_map<std::tuple<std::size_t, int64_t, int64_t>, const ScoredTrial*, PlaceHash> newest;
  newest.reserve(trials.size());
  const auto place = [&](const ScoredTrial* trial) {
    return std::make_tuple(place_of[trial->entry], trial->study, trial->trial);
  };
  for (const ScoredTrial* trial : trials) newest[place(trial)] = trial;
  return std::erase_if(trials, [&](const ScoredTrial* trial) { return newest.at(place(trial)) != trial; });
}

void require_same_target(const Entry& first, const Entry& other) {
  if (first.target.metric == other.target.metric && first.target.goal == other.target.goal &&
      first.target.validation == other.target.validation)
    return;
  throw UserError({"trials of one workload have different targets and cannot be scored together",
                   "workload " + first.workload,
                   fmt::format("{} {} and {} {}", first.target.metric, first.target.validation,
                               other.target.metric, other.target.validation),
                   "give one target with --target " + first.workload +
                       "=VALUE, score one ruleset at a time, or keep them in separate result files"});
}

std::vector<std::string> hardware_classes_of(const std::vector<const Entry*>& entries, bool may_mix) {
  std::set<std::string> classes;
  for (const Entry* entry : entries) classes.insert(entry->hardware_class);
  if (classes.size() > 1 && !may_mix) {
    throw UserError({"trials of different hardware classes cannot be compared", "score",
                     fmt::format("{}", fmt::join(classes, ", ")),
                     "score each class from its own result file, or ask for the mix with "
                     "--mix-hardware-classes"});
  }
  return {classes.begin(), classes.end()};
}

void note_provenance(const std::vector<const Entry*>& entries, std::vector<std::string>& notes) {
  std::map<std::string, std::set<std::string>> builds;
  std::map<std::string, std::set<std::string>> tiers;
  std::set<std::string> rulesets;
  for (const Entry* entry : entries) {
    builds[entry->submission].insert(entry->submission_sha256);
    tiers[entry->workload].insert(entry->tier);
    rulesets.insert(entry->ruleset + " version " + std::to_string(entry->ruleset_version));
  }
  if (rulesets.size() > 1)
    notes.push_back("trials of several rulesets in one score: " +
                    fmt::format("{}", fmt::join(rulesets, ", ")));
  for (const auto& [submission, hashes] : builds) {
    if (hashes.size() == 1) continue;
    notes.push_back(submission + ": its trials come from " + std::to_string(hashes.size()) +
                    " different builds");
  }
  for (const auto& [workload, names] : tiers) {
    if (names.size() == 1) continue;
    throw UserError({"trials of one workload come from different tiers and cannot be scored together",
                     "workload " + workload, fmt::format("{}", fmt::join(names, ", ")),
                     "score one ruleset at a time"});
  }
}

void require_targets(const std::vector<const Entry*>& entries, const HitRules& rules) {
  std::map<std::string, const Entry*> first;
  for (const Entry* entry : entries) {
    const Entry* other = first.emplace(entry->workload, entry).first->second;
    if (rules.validation_targets.count(entry->workload) == 0) {
      require_same_target(*other, *entry);
    } else if (other->target.metric != entry->target.metric || other->target.goal != entry->target.goal) {
      require_same_target(*other, *entry);
    }
  }
}

std::vector<const Entry*> entries_of(const std::vector<const ScoredTrial*>& trials,
                                     const std::vector<Entry>& entries) {
  std::vector<bool> used(entries.size());
  for (const ScoredTrial* trial : trials) used[trial->entry] = true;
  std::vector<const Entry*> found;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (used[i]) found.push_back(&entries[i]);
  }
  return found;
}

std::vector<const ScoredTrial*> chosen_trials(const ScoringInput& input, const ScoreOptions& options) {
  std::vector<bool> scored;
  for (const Entry& entry : input.entries) scored.push_back(is_scored(entry, options));
  std::vector<const ScoredTrial*> chosen;
  for (const ScoredTrial& trial : input.trials) {
    if (scored[trial.entry] && wanted(options.studies, trial.study)) chosen.push_back(&trial);
  }
  if (!chosen.empty()) return chosen;
  const std::string& ruleset = options.hits.ruleset;
  throw UserError({"there is no trial to score", "score",
                   std::to_string(input.trials.size()) + " trials" +
                       (ruleset.empty() ? "" : " of ruleset " + ruleset) +
                       ", none of the chosen submissions, workloads and studies",
                   "run a sweep first, or choose others (timetrial list shows what there is)"});
}

}  // namespace

TrialSelection select_trials(const ScoringInput& input, const ScoreOptions& options) {
  TrialSelection selection;
  std::vector<const ScoredTrial*> chosen = chosen_trials(input, options);
  const std::size_t replaced = remove_replaced(chosen, input.entries);
  if (replaced > 0) {
    selection.notes.push_back(std::to_string(replaced) +
                              " trials were run again later; the newest run of each counts");
  }
  const std::vector<const Entry*> entries = entries_of(chosen, input.entries);
  selection.hardware_classes = hardware_classes_of(entries, options.mix_hardware_classes);
  if (selection.hardware_classes.size() > 1) {
    selection.notes.push_back("mixed hardware classes, times are not comparable: " +
                              fmt::format("{}", fmt::join(selection.hardware_classes, ", ")));
  }
  note_provenance(entries, selection.notes);
  require_targets(entries, options.hits);
  for (const Entry* entry : entries) {
    double& budget = selection.budgets[entry->workload];
    budget = std::max(budget, std::min(entry->budget_seconds, options.hits.budget_of(*entry)));
  }
  std::vector<std::vector<const ScoredTrial*>*> cells(input.entries.size());
  for (const Entry* entry : entries) {
    cells[static_cast<std::size_t>(entry - input.entries.data())] =
        &selection.trials[entry->submission][entry->workload];
  }
  for (const ScoredTrial* trial : chosen) {
    cells[trial->entry]->push_back(trial);
    selection.newest_trial = std::max(selection.newest_trial, trial->id);
  }
  // By number, not by the moment they were stored: trials of a parallel sweep end in any order, and ties go
  // to the first or the last.
  for (std::vector<const ScoredTrial*>* cell : cells) {
    if (cell == nullptr) continue;
    std::stable_sort(cell->begin(), cell->end(), [](const ScoredTrial* left, const ScoredTrial* right) {
      return std::tie(left->study, left->trial) < std::tie(right->study, right->trial);
    });
  }
  selection.count = static_cast<int64_t>(chosen.size());
  return selection;
}

}  // namespace timetrial
