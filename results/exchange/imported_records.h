#pragma once

// Evaluations of another harness -> the journal records that our own would have written. Pure.

#include <optional>
#include <string>
#include <vector>

#include "harness/journal/record.h"
#include "harness/journal/trial_spec.h"
#include "results/exchange/import_problem.h"

namespace timetrial {

// `start`, then the evaluations in their order. Steps that go back tell of a restart: a further StartRecord
// supersedes the stretch that was run again, as our own resume does. (AlgoPerf's scorer lets both stretches
// count.) A clock that goes back while the steps grow is only reported.
std::vector<JournalRecord> imported_records(const StartRecord& start,
                                            std::vector<EvaluationRecord> evaluations,
                                            const std::string& where, ImportProblems& problems);

// How the trial ended, where the logs tell: target_reached when the last evaluation completes both targets,
// which ends a trial; budget_exhausted when it is within one evaluation period of the budget. A log that is
// imported between its last two evaluations is concluded too early, and the last one is then refused.
std::optional<Outcome> concluded_outcome(const std::vector<JournalRecord>& records, const TrialSpec& spec);

// The outcome of a trial that stopped where `records` end.
OutcomeRecord imported_outcome(const std::vector<JournalRecord>& records, Outcome outcome);

}  // namespace timetrial
