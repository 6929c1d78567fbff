#pragma once

// One attempt at a trial, as its directory sees it: what attempts before it left, the lock and lease that it
// holds, and the records that it writes, whichever process does the training.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/device/device.h"
#include "harness/journal/journal.h"
#include "harness/journal/progress.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/lease_keeper.h"
#include "harness/worker/phase_ledger.h"
#include "harness/worker/stop_request.h"
#include "harness/worker/trial_history.h"
#include "timetrial/parameter.h"
#include "timetrial/step.h"

namespace timetrial {

class AttemptRecords {
 public:
  // `holds`: this process is the one that writes (rank 0). Throws TrialHeld when another one does. A trial
  // that is lost to another process later ends this one at once.
  AttemptRecords(const std::filesystem::path& directory, bool holds);

  JournalSink& journal() { return journal_; }
  const TrialHistory& history() const { return history_; }

  // Why there is no point in trying again; empty: there is.
  std::string hopeless() const;

  // The checkpoint to go on from, and the evaluations that still count with it.
  std::optional<CheckpointRecord> find_checkpoint();
  std::vector<EvaluationResult> evaluations_until(int64_t step) const;

  // What is known of a start beside what the caller adds: its number, what it resumes, what was lost, the
  // build and the machine.
  StartRecord start(const std::optional<CheckpointRecord>& found, const Device& device) const;
  // To follow the start: problems found in the journal, and what disturbs measurements on this machine.
  void append_warnings(int64_t step);
  // Throws UserError when no checkpoint of such a model can lie on the disk, warns where some may not.
  void foresee_disk(const ParameterList& parameters, int64_t step);

 private:
  const std::filesystem::path& directory_;
  NoJournal no_journal_;
  std::unique_ptr<JournalWriter> writer_;
  std::unique_ptr<LeaseKeeper> keeper_;
  JournalSink& journal_;
  JournalContents before_;
  TrialHistory history_;
  std::optional<Progress> last_progress_;
};

// And says it in worker.log.
void append_end(JournalSink& journal, const OutcomeRecord& end);

// Throws UserError when the library is not the one that the trial was planned with.
void require_unchanged_library(const TrialSpec& spec);

// Who asked for the end, in words, and when.
InterruptionRecord interruption_by(const StopRequest& stop, int64_t step, double submission_seconds);

// The parts of the ledger, with the wait for data taken out of the submission's.
ClockParts clock_parts(const PhaseLedger& ledger, double data_wait_seconds);

// A failure with these words: out of memory, or just failed.
Outcome outcome_of_failure(const std::string& message);

}  // namespace timetrial
