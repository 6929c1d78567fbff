#include "harness/worker/trial_history.h"

#include "harness/journal/journal.h"
#include "harness/journal/standing_evaluations.h"

namespace timetrial {

TrialHistory history_of(const std::vector<JournalRecord>& records) {
  TrialHistory history;
  history.evaluations = standing_evaluations(records);
  for (const JournalRecord& record : records) {
    if (std::holds_alternative<StartRecord>(record)) {
      ++history.starts;
      ++history.starts_without_progress;
    } else if (std::holds_alternative<EvaluationRecord>(record) ||
               std::holds_alternative<CheckpointRecord>(record)) {
      history.starts_without_progress = 0;
    } else if (std::holds_alternative<InterruptionRecord>(record)) {
      // Who was ended by somebody has not died of the submission.
      if (history.starts_without_progress > 0) --history.starts_without_progress;
    } else if (const auto* outcome = std::get_if<OutcomeRecord>(&record);
               outcome && may_be_resumed(outcome->outcome)) {
      history.starts_without_progress = 0;  // tried anew on purpose
    }
  }
  const std::optional<OutcomeRecord> outcome = standing_outcome(records);
  history.finished = outcome && !may_be_resumed(outcome->outcome);
  return history;
}

}  // namespace timetrial
