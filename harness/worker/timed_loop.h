#pragma once

// The timed loop of rules.md: steps on the clock; evaluations, records and checkpoints off it.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/journal/journal.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/evaluation_log.h"
#include "harness/worker/phase_ledger.h"
#include "harness/worker/training.h"
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
    Training& training;
    Watchdog& watchdog;
    PhaseLedger& ledger;
    JournalSink& journal;
  };

  // `earlier`: evaluations of earlier attempts that still count.
  TimedLoop(const Parts& parts, std::vector<EvaluationResult> earlier);

  // Restores training, clock and budget; before run(). Throws UserError for a checkpoint that an older
  // version wrote.
  void resume(const CheckpointRecord& checkpoint);

  // Trains until the trial ends or is interrupted. Throws SubmissionError and UserError.
  LoopEnd run();

  const LoopClock& clock() const { return clock_; }

 private:
  void advance_clock(double seconds);
  double checkpoint_at_seconds() const;
  LoopEnd divergence(bool losses_diverged) const;
  void evaluate(double training_loss);
  void give_up_if_futile();
  void checkpoint();
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
