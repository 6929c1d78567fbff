#pragma once

// Rows -> ScoringInput: the short way to a score, which reads small rows only.

#include "results/scoring/scored_trial.h"
#include "results/store/sqlite.h"

namespace timetrial {

// Of one snapshot of the file; trials in the order they were added.
ScoringInput read_scored_trials(Database& database, const HitRules& rules);

}  // namespace timetrial
