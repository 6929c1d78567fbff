#pragma once

// What the journal tells a worker of the attempts before its own. Pure.

#include <cstdint>
#include <vector>

#include "harness/journal/record.h"

namespace timetrial {

struct TrialHistory {
  int64_t starts = 0;
  int64_t starts_without_progress = 0;        // since the last evaluation or checkpoint
  bool finished = false;                      // for good
  std::vector<EvaluationRecord> evaluations;  // that count
};

TrialHistory history_of(const std::vector<JournalRecord>& records);

}  // namespace timetrial
