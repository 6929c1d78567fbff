#pragma once

// What the timed loop drives: a model that is trained in stretches of the submission clock. In this process
// (own_training.h), or in one that is stopped while the clock stands (harness/strict/remote_training.h).

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "harness/journal/record.h"
#include "harness/worker/trial_budget.h"
#include "timetrial/step.h"

namespace timetrial {

// The read-only facts an update may ask for; the loop keeps them current.
struct StepSurroundings {
  ClockView clock;
  std::vector<EvaluationResult> evaluations;
};

// A stretch of training, as it ended.
struct StretchEnd {
  TrialBudget::Next next =
      TrialBudget::Next::train;  // what is due now; train: a checkpoint, or none of these
  double seconds = 0;            // on the submission clock, prepare_for_eval included
  int64_t step = 0;              // steps made so far
  double training_loss = std::numeric_limits<double>::quiet_NaN();  // reported last
  bool losses_diverged = false;
  bool finished_by_submission = false;
};

// Every call may throw SubmissionError. Threads: one.
class Training {
 public:
  virtual ~Training() = default;

  virtual int64_t step() const = 0;

  // Trains until `budget` says that something is due, the clock of `surroundings` has come to
  // `checkpoint_at_seconds`, losses diverge, or the attempt is to end; then calls prepare_for_eval if an
  // evaluation is due. The budget has seen the last step, and the clock of the surroundings stands where it
  // was shown last.
  virtual StretchEnd train(TrialBudget& budget, StepSurroundings& surroundings,
                           double checkpoint_at_seconds) = 0;
  // resume_training() of the submission; returns its seconds on the clock.
  virtual double resume() = 0;

  // After either, once the clock has been advanced: throws what the submission did wrong meanwhile.
  virtual void inspect(const std::string& call) = 0;

  // The clock stands. Name of the first parameter that holds a NaN or an infinity; empty when all are finite.
  virtual std::string first_non_finite_parameter() = 0;
  virtual std::map<std::string, double> evaluate() = 0;  // of all splits: "validation/loss" …
  // Whether the attempt is to end now, on any rank.
  virtual bool interrupted() = 0;
  // What rank 0 finds, for facts that ranks may see at different moments.
  virtual bool first_says(bool own) = 0;

  // A checkpoint of this moment, which the clock shows as `submission_seconds`; the record shows more where
  // saving ran on the clock. Its `loop` is left to the caller.
  virtual CheckpointRecord save(double submission_seconds) = 0;
  // Before the first stretch.
  virtual void restore(const CheckpointRecord& record) = 0;

  // The trial has its outcome.
  virtual void finish() = 0;
};

}  // namespace timetrial
