#pragma once

// The tidy table of evaluations, the format in which results of any other harness come in (README.md lists
// the columns). Pure: text in, trials and problems out. Line endings, the order of columns and of rows, and
// columns of other names do not matter.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/journal/record.h"
#include "results/exchange/import_problem.h"

namespace timetrial {

struct TidyTrial {
  std::string submission;
  int64_t study = 0;
  std::string workload;  // full name
  std::string framework;
  int64_t trial = 0;
  std::vector<EvaluationRecord> evaluations;
  // What the table of trials says of it: column -> cell; empty when the trial is not listed there.
  std::map<std::string, std::string> listed;

  std::string place() const;  // "amos/study_0/ogbg_jax/trial_1"
};

struct TidyTable {
  std::vector<TidyTrial> trials;  // in the order in which they appear
  ImportProblems problems;
};

struct TidyText {
  std::string_view text;
  std::string name;  // of the file, for messages
};

// Throws UserError when a table lacks a column that is needed. Rows that cannot be used are problems.
TidyTable read_tidy_table(const TidyText& evaluations, const std::optional<TidyText>& trials);

}  // namespace timetrial
