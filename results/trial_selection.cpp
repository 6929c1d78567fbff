#include "results/trial_selection.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

template <typename Value>
bool wanted(const std::vector<Value>& chosen, const Value& value) {
  return chosen.empty() || std::find(chosen.begin(), chosen.end(), value) != chosen.end();
}

template <typename Names>
std::string joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool is_scored_workload(const std::string& name, const TrialSpec& spec, const ProfileOptions& profile) {
  const auto has = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return has(profile.held_out) ||
         (profile.base_workloads.empty() ? spec.variant.empty() : has(profile.base_workloads));
}

// A trial that was run again replaces the earlier one at its place, so that re-runs are no extra chances.
std::vector<const TrialResult*> without_replaced(const std::vector<const TrialResult*>& trials,
                                                 std::size_t& replaced) {
  using Place = std::tuple<std::string, std::string, std::string, int64_t, int64_t>;
  std::map<Place, std::size_t> newest;
  const auto place_of = [](const TrialSpec& spec) {
    return Place{spec.submission, spec.ruleset, full_workload_name(spec), spec.study, spec.trial};
  };
  for (std::size_t i = 0; i < trials.size(); ++i) newest[place_of(trials[i]->spec)] = i;
  std::vector<const TrialResult*> kept;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (newest.at(place_of(trials[i]->spec)) == i) kept.push_back(trials[i]);
  }
  replaced = trials.size() - kept.size();
  return kept;
}

void require_same_target(const MetricTarget& first, const TrialSpec& spec) {
  const MetricTarget& other = spec.target;
  if (first.metric == other.metric && first.goal == other.goal && first.validation == other.validation)
    return;
  throw UserError({"trials of one workload have different targets and cannot be scored together",
                   "workload " + full_workload_name(spec),
                   first.metric + " " + std::to_string(first.validation) + " and " + other.metric + " " +
                       std::to_string(other.validation),
                   "score one ruleset at a time, or keep them in separate result files"});
}

std::vector<std::string> hardware_classes_of(const std::vector<const TrialResult*>& trials, bool may_mix) {
  std::set<std::string> classes;
  for (const TrialResult* trial : trials) classes.insert(trial->spec.hardware_class);
  if (classes.size() > 1 && !may_mix) {
    throw UserError({"trials of different hardware classes cannot be compared", "score", joined(classes),
                     "score each class from its own result file, or ask for the mix explicitly"});
  }
  return {classes.begin(), classes.end()};
}

void note_provenance(const std::vector<const TrialResult*>& trials, std::vector<std::string>& notes) {
  std::map<std::string, std::set<std::string>> builds;
  std::map<std::string, std::set<std::string>> tiers;
  std::set<std::string> rulesets;
  for (const TrialResult* trial : trials) {
    builds[trial->spec.submission].insert(trial->spec.submission_sha256);
    tiers[full_workload_name(trial->spec)].insert(trial->spec.tier);
    rulesets.insert(trial->spec.ruleset + " version " + std::to_string(trial->spec.ruleset_version));
  }
  if (rulesets.size() > 1) notes.push_back("trials of several rulesets in one score: " + joined(rulesets));
  for (const auto& [submission, hashes] : builds) {
    if (hashes.size() == 1) continue;
    notes.push_back(submission + ": its trials come from " + std::to_string(hashes.size()) +
                    " different builds");
  }
  for (const auto& [workload, names] : tiers) {
    if (names.size() == 1) continue;
    throw UserError({"trials of one workload come from different tiers and cannot be scored together",
                     "workload " + workload, joined(names), "score one ruleset at a time"});
  }
}

}  // namespace

TrialSelection select_trials(const std::vector<TrialResult>& trials, const ScoreOptions& options) {
  std::vector<const TrialResult*> chosen;
  for (const TrialResult& trial : trials) {
    const TrialSpec& spec = trial.spec;
    if (!options.ruleset.empty() && spec.ruleset != options.ruleset) continue;
    if (!wanted(options.submissions, spec.submission) || !wanted(options.studies, spec.study)) continue;
    if (is_scored_workload(full_workload_name(spec), spec, options.profile)) chosen.push_back(&trial);
  }
  if (chosen.empty()) {
    throw UserError(
        {"there is no trial to score", "score",
         std::to_string(trials.size()) + " trials in all" +
             (options.ruleset.empty() ? "" : ", none of ruleset " + options.ruleset + " on its workloads"),
         "run a sweep first, or choose another ruleset (timetrial list shows what there is)"});
  }
  TrialSelection selection;
  std::size_t replaced = 0;
  chosen = without_replaced(chosen, replaced);
  if (replaced > 0) {
    selection.notes.push_back(std::to_string(replaced) +
                              " trials were run again later; the newest run of each counts");
  }
  selection.hardware_classes = hardware_classes_of(chosen, options.mix_hardware_classes);
  if (selection.hardware_classes.size() > 1) {
    selection.notes.push_back("mixed hardware classes, times are not comparable: " +
                              joined(selection.hardware_classes));
  }
  note_provenance(chosen, selection.notes);
  for (const TrialResult* trial : chosen) {
    const std::string workload = full_workload_name(trial->spec);
    selection.trials[trial->spec.submission][workload].push_back(trial);
    const auto [target, is_new] = selection.targets.emplace(workload, trial->spec.target);
    if (!is_new) require_same_target(target->second, trial->spec);
  }
  for (const auto& [workload, value] : options.validation_targets) {
    const auto found = selection.targets.find(workload);
    if (found != selection.targets.end()) found->second.validation = value;
  }
  return selection;
}

}  // namespace timetrial
