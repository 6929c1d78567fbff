#include "harness/cli/scored_results.h"

#include <set>

#include "harness/controller/sweep.h"
#include "harness/errors/user_error.h"
#include "harness/journal/journal.h"

namespace timetrial {

namespace {

bool is_file(const std::string& ruleset) {
  return ruleset.find('/') != std::string::npos || ruleset.ends_with(".json");
}

// Trials with overridden rules carry them behind the name: "demo+max-steps=500".
std::string base_of(const std::string& label) {
  return label.substr(0, label.find('+'));
}

ScoreOptions score_options(const std::string& label, const ScoreChoice& choice) {
  const Ruleset rules = load_ruleset(is_file(choice.ruleset) ? choice.ruleset : base_of(label));
  ScoreOptions options;
  options.ruleset = label;
  options.submissions = choice.submissions;
  options.mix_hardware_classes = choice.mix_hardware_classes;
  options.trials_per_study = rules.trials_per_study;
  options.time_to_target.trial_choice = trial_choice_from_string(rules.scoring.trial_choice);
  options.time_to_target.ties = tie_break_from_string(rules.scoring.ties);
  options.time_to_target.missing_study = missing_study_from_string(rules.scoring.missing_study);
  options.time_to_target.expected_studies = rules.studies;
  options.profile.base_workloads = rules.workloads;
  options.profile.held_out = rules.held_out;
  options.profile.tau_max = rules.scoring.tau_max;
  options.profile.tau_points = rules.scoring.tau_points;
  return options;
}

}  // namespace

void ScoreChoice::add(CLI::App& app) {
  app.add_option("--db", database, "Result file (default: results.sqlite of the results folder)");
  app.add_option("--ruleset", ruleset,
                 "Score the trials of this ruleset: as list trials names it, or its JSON file (default: the "
                 "only one there is)");
  app.add_option("--submissions", submissions, "Only these, by name: A,B")->delimiter(',');
  app.add_flag("--mix-hardware-classes", mix_hardware_classes,
               "Score trials of different hardware classes together");
}

std::string chosen_ruleset(const std::vector<TrialResult>& trials, const std::string& wanted) {
  const std::string name = is_file(wanted) ? load_ruleset(wanted).name : wanted;
  std::set<std::string> found;
  for (const TrialResult& trial : trials) found.insert(trial.spec.ruleset);
  if (found.count(name) != 0) return name;
  if (is_file(wanted)) std::erase_if(found, [&](const std::string& label) { return base_of(label) != name; });
  if (found.size() == 1 && (wanted.empty() || is_file(wanted))) return *found.begin();
  std::string names;
  for (const std::string& label : found) names += (names.empty() ? "" : ", ") + label;
  if (wanted.empty()) {
    throw UserError(
        {"the result file holds trials of several rulesets", "", names, "choose one with --ruleset"});
  }
  throw UserError({"the result file has no trials of this ruleset", "", wanted,
                   names.empty() ? "look at timetrial list trials" : "choose one of: " + names});
}

std::filesystem::path chosen_database(const std::string& database, const std::filesystem::path& results) {
  const std::filesystem::path file =
      database.empty() ? result_file(results) : std::filesystem::path(database);
  if (!std::filesystem::exists(file)) {
    throw UserError({"there is no result file", file.string(), "",
                     "run timetrial demo or sweep first, or give --db FILE"});
  }
  return file;
}

bool is_running(const TrialResult& trial) {
  return trial_is_locked(trial.directory);
}

ScoredResults score_results(const ScoreChoice& choice, const std::filesystem::path& results) {
  const std::filesystem::path file = chosen_database(choice.database, results);
  ScoredResults scored;
  scored.trials = Store::open_read_only(file).trials();
  if (scored.trials.empty()) {
    throw UserError(
        {"the result file holds no trials", file.string(), "", "run timetrial demo or sweep first"});
  }
  scored.ruleset = chosen_ruleset(scored.trials, choice.ruleset);
  scored.score = compute_score(scored.trials, score_options(scored.ruleset, choice));
  std::erase_if(scored.trials,
                [&](const TrialResult& trial) { return trial.spec.ruleset != scored.ruleset; });
  scored.lines = list_trials(scored.trials, is_running);
  return scored;
}

}  // namespace timetrial
