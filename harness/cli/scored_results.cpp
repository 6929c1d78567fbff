#include "harness/cli/scored_results.h"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "harness/cluster/unattended_trials.h"
#include "harness/controller/sweep.h"
#include "harness/errors/user_error.h"
#include "harness/journal/journal.h"
#include "harness/journal/unix_seconds.h"
#include "harness/version/version.h"
#include "results/tables/score_json.h"

namespace timetrial {

namespace {

constexpr double kFoldSeconds = 3600;  // as long as it takes, within reason

bool is_file(const std::string& ruleset) {
  return ruleset.find('/') != std::string::npos || ruleset.ends_with(".json");
}

// Trials with overridden rules carry them behind the name: "demo+max-steps=500".
std::string base_of(const std::string& label) {
  return label.substr(0, label.find('+'));
}

std::string choose_label(const std::vector<std::string>& found, const ScoreChoice& choice) {
  if (choice.trials_of.empty()) return chosen_label(found, choice.ruleset);
  if (std::find(found.begin(), found.end(), choice.trials_of) != found.end()) return choice.trials_of;
  throw UserError({"the result file has no trials of this ruleset", "--trials-of", choice.trials_of,
                   "choose one of: " + fmt::format("{}", fmt::join(found, ", "))});
}

Ruleset choose_rules(const std::string& label, const ScoreChoice& choice) {
  if (choice.ruleset.empty()) return load_ruleset(base_of(label));
  return load_ruleset(is_file(choice.ruleset) ? choice.ruleset : base_of(choice.ruleset));
}

void keep_verdict(ScoredResults& scored, Store& store) {
  Verdict verdict;
  verdict.unix_seconds = unix_seconds();
  verdict.tool_version = std::string(kVersion) + " (" + kCommit + ")";
  verdict.ruleset = scored.label;
  verdict.ruleset_version = scored.rules.version;
  verdict.options = score_options_json(scored.options, scored.rules.name);
  verdict.result = score_json(scored.score, scored.uncertainty);
  verdict.trials = scored.score.trials;
  verdict.newest_trial = scored.score.newest_trial;
  store.add_verdict(verdict);
}

bool can_be_written(const std::filesystem::path& file) {
  const std::filesystem::path folder = std::filesystem::absolute(file).parent_path();
  return ::access(file.c_str(), W_OK) == 0 && ::access(folder.c_str(), W_OK) == 0;
}

// A sweep on a cluster has no controller, which would: whoever wants its results does. What cannot be folded
// is told.
std::vector<std::string> fold_cluster_sweeps(const std::filesystem::path& results, Store& store) {
  std::set<std::string> finished;
  for (const TrialProgress& trial : store.progress()) {
    if (trial.outcome) finished.insert(trial.plan.directory);
  }
  return UnattendedTrials(results, finished).fold(store, kFoldSeconds).problems;
}

}  // namespace

std::string chosen_label(const std::vector<std::string>& labels, const std::string& wanted) {
  const std::string name = is_file(wanted) ? load_ruleset(wanted).name : wanted;
  if (std::find(labels.begin(), labels.end(), name) != labels.end()) return name;
  std::vector<std::string> of_name = labels;
  std::erase_if(of_name, [&](const std::string& label) { return base_of(label) != name; });
  if (is_file(wanted) && of_name.size() == 1) return of_name.front();
  if (wanted.empty() && labels.size() == 1) return labels.front();
  if (wanted.empty()) {
    throw UserError({"the result file holds trials of several rulesets", "",
                     fmt::format("{}", fmt::join(labels, ", ")), "choose one with --ruleset"});
  }
  throw UserError({"the result file has no trials of this ruleset", "", wanted,
                   "choose one of: " + fmt::format("{}", fmt::join(labels, ", ")) +
                       " (to score those by other rules, name them with --trials-of as well)"});
}

std::filesystem::path chosen_database(const std::string& database, const std::filesystem::path& results) {
  const std::filesystem::path file =
      database.empty() ? result_file(results) : std::filesystem::path(database);
  if (!std::filesystem::exists(file)) {
    throw UserError({"there is no result file", file.string(), "",
                     "run timetrial demo or sweep first, import results, or give --db FILE"});
  }
  return file;
}

bool is_running(const TrialResult& trial) {
  return trial_is_held(trial.directory);
}

ScoredResults score_results(const ScoreChoice& choice, const std::filesystem::path& results) {
  ScoredResults scored;
  scored.file = chosen_database(choice.database, results);
  const bool writable = can_be_written(scored.file);
  Store store = writable ? Store(scored.file) : Store::open_read_only(scored.file);
  const std::vector<std::string> problems =
      writable && choice.database.empty() ? fold_cluster_sweeps(results, store) : std::vector<std::string>{};
  const std::vector<std::string> labels = store.ruleset_labels();
  if (labels.empty()) {
    throw UserError({"the result file holds no trials", scored.file.string(), "",
                     "run timetrial demo or sweep first, or import results"});
  }
  scored.label = choose_label(labels, choice);
  scored.rules = choose_rules(scored.label, choice);
  scored.options = choice.options(scored.label, scored.rules);
  scored.score = compute_score(store.scored_trials(scored.options.hits), scored.options);
  if (scored.rules.name != base_of(scored.label)) {
    scored.score.notes.push_back("trials that were run under " + scored.label + ", scored by the rules of " +
                                 scored.rules.name);
  }
  for (const std::string& problem : problems) scored.score.notes.push_back(problem);
  if (choice.uncertainty.replicates > 0) {
    scored.uncertainty = estimate_uncertainty(scored.score, scored.options.profile, choice.uncertainty);
  }
  if (writable) {
    keep_verdict(scored, store);
  } else {
    scored.score.notes.push_back("this verdict was not kept: " + scored.file.string() + " cannot be written");
  }
  return scored;
}

std::vector<TrialResult> trials_behind(const ScoredResults& scored) {
  std::vector<TrialResult> trials = Store::open_read_only(scored.file).trials();
  std::erase_if(trials, [&](const TrialResult& trial) { return trial.spec.ruleset != scored.label; });
  return trials;
}

}  // namespace timetrial
