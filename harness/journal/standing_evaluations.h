#pragma once

// The evaluations of a journal that count. Pure.

#include <vector>

#include "harness/journal/record.h"

namespace timetrial {

// Without those of stretches that a resumed trial ran again; in the order of the journal.
std::vector<EvaluationRecord> standing_evaluations(const std::vector<JournalRecord>& records);

}  // namespace timetrial
