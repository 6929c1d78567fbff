#pragma once

// Training in this process: steps of a session on the device's clock, watched by all that watches a
// submission from within.

#include <atomic>
#include <filesystem>

#include "harness/device/device.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/memory_phases.h"
#include "harness/worker/phase_ledger.h"
#include "harness/worker/rank_agreement.h"
#include "harness/worker/submission_guard.h"
#include "harness/worker/thread_watch.h"
#include "harness/worker/training.h"
#include "harness/worker/training_session.h"
#include "harness/worker/watchdog.h"

namespace timetrial {

class OwnTraining final : public Training {
 public:
  struct Parts {
    const std::filesystem::path& trial_directory;
    const TrialSpec& spec;
    Device& device;
    TrainingSession& session;
    Watchdog& watchdog;
    ThreadWatch* threads;  // null: nothing can go on while the clock stands, because the process is stopped
    SubmissionGuard& guard;
    PhaseLedger& ledger;
    MemoryPhases& memory;
    RankAgreement& agreement;
    const std::atomic<bool>& interrupted;
  };
  // All that is named here outlives it.
  explicit OwnTraining(const Parts& parts) : parts_(parts) {}

  int64_t step() const override { return parts_.session.step(); }
  StretchEnd train(TrialBudget& budget, StepSurroundings& surroundings,
                   double checkpoint_at_seconds) override;
  double resume() override;
  void inspect(const std::string& call) override;
  std::string first_non_finite_parameter() override { return parts_.session.first_non_finite_parameter(); }
  std::map<std::string, double> evaluate() override;
  bool interrupted() override;
  bool first_says(bool own) override { return parts_.agreement.first_says(own); }
  CheckpointRecord save(double submission_seconds) override;
  Checkpoint snapshot();
  void restore(const CheckpointRecord& record) override;
  void finish() override { end_rest(); }

 private:
  void start_segment();
  double end_segment();
  void enter_phase(MemoryPhase phase);
  void note_stop_wishes();
  void begin_rest();
  void end_rest();

  Parts parts_;
  bool evaluation_is_due_ = false;
};

}  // namespace timetrial
