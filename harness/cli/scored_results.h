#pragma once

// What score, report and demo share: the result file, the ruleset its trials were run under, the score.

#include <filesystem>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "results/score.h"
#include "results/store.h"
#include "results/trial_list.h"
#include "tuning/ruleset.h"

namespace timetrial {

struct ScoreChoice {
  std::string database;  // result file; "" = results.sqlite of the results folder
  std::string ruleset;   // "" = the only one in the result file
  std::vector<std::string> submissions;
  bool mix_hardware_classes = false;

  void add(CLI::App& app);
};

struct ScoredResults {
  std::string ruleset;
  std::vector<TrialResult> trials;  // of this ruleset
  std::vector<TrialLine> lines;     // list_trials(trials)
  Score score;
};

// Throws UserError: no such file, nothing to score, several rulesets and none chosen.
ScoredResults score_results(const ScoreChoice& choice, const std::filesystem::path& results);

// The file of a choice: --db, or results.sqlite of the results folder.
std::filesystem::path chosen_database(const std::string& database, const std::filesystem::path& results);

// The label of the trials that are meant. `wanted`: a label, the path of a ruleset, or "" for the only one
// there is. Throws UserError listing the labels there are.
std::string chosen_ruleset(const std::vector<TrialResult>& trials, const std::string& wanted);

// For list_trials: is a worker at work on it now?
bool is_running(const TrialResult& trial);

}  // namespace timetrial
