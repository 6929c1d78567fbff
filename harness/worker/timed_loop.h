#pragma once

// The timed loop of rules.md: steps on the clock; evaluations, records and checkpoints off it.

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/device/device.h"
#include "harness/journal/journal.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/evaluation_log.h"
#include "harness/worker/memory_phases.h"
#include "harness/worker/phase_ledger.h"
#include "harness/worker/rank_agreement.h"
#include "harness/worker/submission_guard.h"
#include "harness/worker/thread_watch.h"
#include "harness/worker/training_session.h"
#include "harness/worker/trial_budget.h"
#include "harness/worker/watchdog.h"

namespace timetrial {

// Clock values that run on over a resume.
struct LoopClock {
  double submission_seconds = 0;
  double evaluation_seconds = 0;
  double logging_seconds = 0;
  double wall_seconds = 0;  // since the start of the first timed loop
};

struct LoopEnd {
  std::optional<Outcome> outcome;  // absent: interrupted, to be resumed
  std::string message;
};

class TimedLoop {
 public:
  struct Parts {
    const std::filesystem::path& trial_directory;
    const TrialSpec& spec;
    Device& device;
    TrainingSession& session;
    Watchdog& watchdog;
    ThreadWatch& threads;
    SubmissionGuard& guard;
    PhaseLedger& ledger;
    MemoryPhases& memory;
    JournalSink& journal;
    RankAgreement& agreement;
    const std::atomic<bool>& interrupted;
  };

  // `earlier`: evaluations of earlier attempts that still count.
  TimedLoop(const Parts& parts, std::vector<EvaluationResult> earlier);

  // Restores session, clock and budget; before run().
  void resume(const FoundCheckpoint& found);

  // Trains until the trial ends or `interrupted` becomes true, on any rank. Throws SubmissionError and
  // UserError.
  LoopEnd run();

  const LoopClock& clock() const { return clock_; }

 private:
  TrialBudget::Next train_until_stop();
  void start_segment();
  void end_segment();
  void enter_phase(MemoryPhase phase);
  LoopEnd divergence() const;
  void evaluate();
  void give_up_if_futile();
  void checkpoint();
  void note_stop_wishes();
  bool checkpoint_due() const;
  void enter(Phase phase);
  std::string end_message(Outcome outcome) const;

  Parts parts_;
  TrialBudget budget_;
  StepSurroundings surroundings_;
  LoopClock clock_;
  double loop_start_ = 0;
  double wall_before_ = 0;
  double last_checkpoint_seconds_ = 0;
  int64_t last_checkpoint_step_ = -1;
  EvaluationLog evaluations_;
};

}  // namespace timetrial
