#pragma once

// What score, report and demo share: the result file, the trials and rules that were chosen, the score.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/score_choice.h"
#include "results/store/store.h"

namespace timetrial {

struct ScoredResults {
  std::filesystem::path file;
  std::string label;  // ruleset label of the trials
  Ruleset rules;      // that they were scored by
  ScoreOptions options;
  Score score;
  Uncertainty uncertainty;
};

// Keeps the verdict in the result file where that can be written, and notes where it cannot. Throws
// UserError: no such file, nothing to score, several rulesets and none chosen.
ScoredResults score_results(const ScoreChoice& choice, const std::filesystem::path& results);

// All trials of the label, with their curves: what a report shows.
std::vector<TrialResult> trials_behind(const ScoredResults& scored);

// The file of a choice: --db, or results.sqlite of the results folder.
std::filesystem::path chosen_database(const std::string& database, const std::filesystem::path& results);

// The label of the trials that are meant. `wanted`: a label, the path of a ruleset, or "" for the only one
// there is. Throws UserError listing the labels there are.
std::string chosen_label(const std::vector<std::string>& labels, const std::string& wanted);

// For list_trials: is a worker at work on it now?
bool is_running(const TrialResult& trial);

}  // namespace timetrial
