#pragma once

// Training in another process, which is stopped while the clock stands. The clock is this process's: from
// before the trainer may run until the kernel took its answer. So everything that the trainer does is on the
// clock, its copying of parameters and its saving included.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "harness/errors/user_error.h"
#include "harness/journal/journal.h"
#include "harness/journal/trial_spec.h"
#include "harness/strict/peer.h"
#include "harness/strict/shared_tensors.h"
#include "harness/worker/phase_ledger.h"
#include "harness/worker/stop_request.h"
#include "harness/worker/training.h"
#include "workloads/workload.h"

namespace timetrial {

// The trainer has told how the trial ends: with a failure of the submission.
struct TrainerFailed {
  OutcomeRecord outcome;
};

// The trainer could not go on, and it was not the submission's doing, as far as it can tell.
class TrainerProblem : public UserError {
 public:
  using UserError::UserError;
};

class RemoteTraining final : public Training {
 public:
  struct Parts {
    const std::filesystem::path& trial_directory;
    const TrialSpec& spec;
    Peer& trainer;
    SharedTensors& shared;
    Workload& workload;  // whose model takes the trainer's parameters on
    PhaseLedger& ledger;
    JournalSink& journal;
    const StopRequest& stop;
    pid_t launcher;  // all that is below it is the trainer's, but this process and what is below that
  };
  // All of them outlive it.
  explicit RemoteTraining(const Parts& parts);

  // Lets the trainer begin and waits until its session stands. Returns its own record of the start. Like all
  // that follow throws TrainerFailed, TrainerProblem, std::runtime_error for a fault of the harness there,
  // PeerGone when it died without a word, SubmissionError for an answer that breaks the rules.
  StartRecord start();

  int64_t step() const override { return step_; }
  StretchEnd train(TrialBudget& budget, StepSurroundings& surroundings,
                   double checkpoint_at_seconds) override;
  double resume() override;
  void inspect(const std::string& /*call*/) override {}  // the trainer has done so before it answered
  std::string first_non_finite_parameter() override;
  std::map<std::string, double> evaluate() override;
  bool interrupted() override { return parts_.stop.asked.load(); }
  bool first_says(bool own) override { return own; }
  CheckpointRecord save(double submission_seconds) override;
  void restore(const CheckpointRecord& record) override;
  void finish() override {}

  // No call follows: the trainer tells what is left to tell, and ends. Throws UserError when the journal
  // cannot be written.
  void end();

  double data_wait_seconds() const { return data_wait_seconds_; }
  const std::optional<MemoryRecord>& memory() const { return memory_; }  // of the trainer

 private:
  struct Answer {
    nlohmann::json fields;
    double seconds = 0;  // the trainer took
  };
  // Off the clock only before the first stretch.
  enum class Clock { runs, stands };
  Answer ask(const nlohmann::json& call, const std::string& expected, double patience_seconds,
             Clock clock = Clock::runs);
  void let_run();
  void stop_trainer();
  struct Heard {
    nlohmann::json message;
    Message as_sent;
  };
  Heard next_message(double until);
  bool note_record(const nlohmann::json& message);
  void note_best(const EvaluationResult& evaluation);

  Parts parts_;
  std::vector<at::Tensor> tensors_;
  ParameterList parameters_;
  std::vector<pid_t> stopped_;
  std::optional<StartRecord> start_;
  std::optional<MemoryRecord> memory_;
  int64_t step_ = 0;
  std::size_t evaluations_told_ = 0;
  int64_t records_left_;
  double data_wait_seconds_ = 0;
  double best_;  // validation value that the trainer was told of, for its display
};

}  // namespace timetrial
