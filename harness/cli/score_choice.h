#pragma once

// The options of score and report: which trials, by which rules.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "results/scoring/score.h"
#include "results/uncertainty/uncertainty.h"
#include "tuning/ruleset.h"

namespace timetrial {

// What is not given is the ruleset's.
struct ScoreChoice {
  std::string database;   // result file; "" = results.sqlite of the results folder
  std::string ruleset;    // rules: a label in the file, a built-in name, a JSON file; "" = the trials' own
  std::string trials_of;  // label of the trials; "" = those of the ruleset
  std::vector<std::string> submissions;
  std::optional<std::vector<std::string>> workloads;
  std::optional<std::vector<std::string>> held_out;
  std::vector<std::string> targets;  // WORKLOAD=VALUE
  std::vector<std::string> budgets;  // WORKLOAD=SECONDS
  std::vector<int64_t> studies;
  std::optional<std::string> trial_choice;
  std::optional<std::string> ties;
  std::optional<std::string> missing_study;
  std::string axis = "seconds";
  double tau_min = 1;
  std::optional<std::string> tau_max;  // a number or "auto"
  std::optional<int64_t> tau_points;
  std::string tau_scale = "linear";
  std::string reference;
  bool mix_hardware_classes = false;
  UncertaintyOptions uncertainty;  // replicates 0: no intervals

  void add(CLI::App& app);

  // Throws UserError naming the option.
  ScoreOptions options(const std::string& label, const Ruleset& rules) const;
};

}  // namespace timetrial
