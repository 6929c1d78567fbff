#pragma once

// Mean average precision over binary tasks with missing labels, as OGB evaluates ogbg-molpcba.

#include <cstdint>
#include <span>

namespace timetrial {

// Scores and labels of `examples` x `tasks`, row by row. Labels are 0 or 1; where `labelled` is 0, an entry
// does not count.
struct TaskScores {
  std::span<const float> scores;
  std::span<const float> labels;
  std::span<const float> labelled;
  int64_t tasks = 0;
};

// Area under the steps of the precision-recall curve: sum over distinct scores, from the highest down, of
// (recall - recall before) * precision, equal scores counting together. 0 without a positive; NaN without any
// labelled entry or when one has a score that is not a number.
double average_precision(const TaskScores& all, int64_t task);

// Mean over the tasks whose column of labels holds both a 0 and a 1; entries that are not labelled have the
// label they hold in this (the loader writes 0). NaN when there is no such task.
double mean_average_precision(const TaskScores& all);

}  // namespace timetrial
