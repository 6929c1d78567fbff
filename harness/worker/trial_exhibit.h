#pragma once

// What a trial shows of its model at its end, beside the numbers.

#include <cstdint>

#include "harness/journal/journal.h"
#include "workloads/workload.h"

namespace timetrial {

// The trial has come to an end of its own at which its model is worth a look.
bool is_exhibited(Outcome outcome);

// Appends what the workload exhibits at `step`, if anything. A trial never fails by it: what the workload
// throws, and an exhibit that is too large or no JSON object, becomes a warning.
void append_exhibit(JournalSink& journal, Workload& workload, int64_t step);

}  // namespace timetrial
