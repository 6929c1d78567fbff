#include "results/exchange/import_problem.h"

#include <stdexcept>

namespace timetrial {

namespace {

struct KindText {
  ProblemKind kind;
  const char* name;
  const char* explanation;
};

constexpr KindText kKinds[] = {
    {ProblemKind::empty_workload, "empty_workload", "workload directories without trials: nothing to import"},
    {ProblemKind::missing_trials, "missing_trials", "gaps in the numbers of a study's trials"},
    {ProblemKind::stray_directory, "stray_directory",
     "directories that are no part of the layout: not counted"},
    {ProblemKind::pooled_directories, "pooled_directories",
     "directories with a time stamp: pooled with the submission of the same name"},
    {ProblemKind::two_frameworks, "two_frameworks",
     "both frameworks of a workload have trials in one study: all count as trials of that study (AlgoPerf's "
     "scorer refuses such a study)"},
    {ProblemKind::renumbered_trial, "renumbered_trial",
     "trial numbers that occur twice in a study: the later trial got the next free number"},
    {ProblemKind::numbered_study, "numbered_study",
     "studies whose names have no number of their own: numbered in alphabetical order"},
    {ProblemKind::unusable_name, "unusable_name", "names that are no plain text: left out"},
    {ProblemKind::no_evaluations, "no_evaluations", "trials without evaluations: listed, but never scored"},
    {ProblemKind::single_evaluation, "single_evaluation", "trials with a single evaluation"},
    {ProblemKind::no_hyperparameters, "no_hyperparameters", "trials without hparams.json"},
    {ProblemKind::bad_json, "bad_json", "JSON files that cannot be understood: what they say was left out"},
    {ProblemKind::unreadable_file, "unreadable_file", "files that cannot be read: left out"},
    {ProblemKind::missing_column, "missing_column", "tables without a column that is needed: left out"},
    {ProblemKind::ragged_row, "ragged_row", "rows with more or fewer cells than the header: left out"},
    {ProblemKind::bad_number, "bad_number", "cells that must be a number and are not: the row was left out"},
    {ProblemKind::not_a_number, "not_a_number",
     "metric values that are blank or not finite: stored as NaN, which never reaches a target"},
    {ProblemKind::repeated_evaluation, "repeated_evaluation",
     "evaluations given more than once: the first counts, the others were left out"},
    {ProblemKind::unclosed_quote, "unclosed_quote",
     "quotes that are never closed: the rest of the file was left out"},
    {ProblemKind::restart, "restart",
     "trials that were restarted from an earlier step: the stretch that was run again supersedes the first "
     "run"},
    {ProblemKind::clock_went_back, "clock_went_back",
     "times that decrease while the steps grow: kept as they are"},
    {ProblemKind::unknown_workload, "unknown_workload",
     "workloads that the ruleset does not know and the logs do not explain: left out"},
    {ProblemKind::rules_from_logs, "rules_from_logs",
     "workloads that the ruleset does not know: target and budget were taken from the logs"},
    {ProblemKind::target_differs, "target_differs",
     "logged targets that differ from the ruleset's, which counts"},
    {ProblemKind::no_target_metric, "no_target_metric",
     "trials without any value of the metric that has the target: they never reach it"},
    {ProblemKind::status_differs, "status_differs", "trials whose entry in the table of trials does not fit"},
    {ProblemKind::changed_since, "changed_since",
     "trials that were imported earlier and have changed since, other than grown: left as they were stored"},
    {ProblemKind::already_stored, "already_stored",
     "trials of our own that the result file holds already: left as they are"},
};

const KindText& text_of(ProblemKind kind) {
  for (const KindText& text : kKinds) {
    if (text.kind == kind) return text;
  }
  throw std::logic_error("a kind of problem has no name");
}

}  // namespace

std::string to_string(ProblemKind kind) {
  return text_of(kind).name;
}

std::string explanation_of(ProblemKind kind) {
  return text_of(kind).explanation;
}

}  // namespace timetrial
