#pragma once

// AlgoPerf's eval_measurements.csv. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "harness/journal/record.h"
#include "results/exchange/import_problem.h"

namespace timetrial {

struct EvaluationTable {
  std::vector<EvaluationRecord> evaluations;
  ImportProblems problems;
  bool usable = true;  // false: a column that is needed is missing, nothing was read
};

// Metrics are the columns train/…, validation/… and test/…, but for num_examples, which tells the size of a
// data set. An empty text and a header alone are tables without evaluations.
EvaluationTable read_evaluation_table(std::string_view text, const std::string& where);

}  // namespace timetrial
