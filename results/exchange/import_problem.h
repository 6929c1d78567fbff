#pragma once

// What is odd in logs. Most oddities are survived; those that cost something are marked as left out.

#include <string>
#include <vector>

namespace timetrial {

enum class ProblemKind {
  // The layout of a log tree.
  empty_workload,
  missing_trials,
  stray_directory,
  pooled_directories,
  two_frameworks,
  renumbered_trial,
  numbered_study,
  unusable_name,
  // The files of a trial.
  no_evaluations,
  single_evaluation,
  no_hyperparameters,
  bad_json,
  unreadable_file,
  missing_column,
  ragged_row,
  bad_number,
  not_a_number,
  repeated_evaluation,
  unclosed_quote,
  restart,
  clock_went_back,
  // Against the rules, the list of trials and the result file.
  unknown_workload,
  rules_from_logs,
  target_differs,
  no_target_metric,
  status_differs,
  changed_since,
  already_stored,
};

std::string to_string(ProblemKind kind);       // "ragged_row"
std::string explanation_of(ProblemKind kind);  // one plain sentence: what it means and what was done

struct ImportProblem {
  ProblemKind kind = ProblemKind::bad_number;
  std::string where;  // "amos/study_0/ogbg_jax/trial_1/eval_measurements.csv:17"
  std::string detail;
  bool left_out = false;  // something that may matter was not imported
};

using ImportProblems = std::vector<ImportProblem>;

}  // namespace timetrial
