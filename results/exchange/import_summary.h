#pragma once

// What an import did, for people and programs.

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "results/exchange/import_problem.h"
#include "results/exchange/imported_trial.h"
#include "results/store/store.h"

namespace timetrial {

struct ImportSummary {
  std::string source;  // the directory or file, as it was given
  std::set<std::string> rulesets;
  std::set<std::string> submissions;  // ruleset/submission
  std::set<std::string> studies;      // ruleset/submission/study
  std::set<std::string> workloads;    // full names
  int64_t trials = 0;                 // added + grown + unchanged
  int64_t added = 0;
  int64_t grown = 0;
  int64_t unchanged = 0;
  int64_t without_evaluations = 0;
  int64_t evaluations = 0;
  ImportProblems problems;

  bool left_something_out() const;
  void count(const ImportedTrial& trial, const FoldSummary& stored);
};

// Every kind of problem once, with the first few places where it occurs, or all.
std::string import_summary_text(const ImportSummary& summary, bool all_places);
std::string import_summary_json(const ImportSummary& summary);

}  // namespace timetrial
