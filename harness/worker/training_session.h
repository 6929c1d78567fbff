#pragma once

// One trial's model, data and submission, advanced step by step. Knows nothing of clocks, budgets or
// journals; the timed loop and the contract check both drive it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/device/device.h"
#include "harness/device/sync_audit.h"
#include "harness/distributed/gradient_averaging.h"
#include "harness/journal/trial_spec.h"
#include "harness/worker/audited_calls.h"
#include "harness/worker/checkpoint.h"
#include "harness/worker/loss_watch.h"
#include "harness/worker/step_graphs.h"
#include "harness/worker/step_times.h"
#include "harness/worker/submission_library.h"
#include "harness/worker/training.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/workload.h"

namespace timetrial {

WorkloadOptions workload_options(const TrialSpec& spec, Device& device);

class TrainingSession {
 public:
  // Builds the model from the trial's seed and initializes the submission. Throws UserError (data, library)
  // or SubmissionError. `device` and `observer` outlive the session, and so does `group`: the ranks that it
  // is one of, null where it is the only one. Calls that move parameters, evaluate or take a snapshot are
  // then to be made by every rank. `training_only`: what the data set holds back cannot be read here, and
  // evaluate() not be called.
  TrainingSession(const TrialSpec& spec, Device& device, CallObserver& observer,
                  ProcessGroup* group = nullptr, bool training_only = false);
  ~TrainingSession();

  // One select_batch + update. This is the hot path.
  void advance(const StepSurroundings& surroundings);

  void prepare_for_eval();
  void resume_training();

  // All three splits: "train/<metric>", "validation/<metric>", "test/<metric>".
  std::map<std::string, double> evaluate();

  int64_t step() const { return step_; }
  double data_wait_seconds() const;  // that training waited for batches in this process
  bool finished_by_submission() const { return finished_by_submission_; }
  LossWatch& losses() { return losses_; }
  StepTimes& step_times() { return step_times_; }
  const ParameterList& parameters() const { return parameters_; }
  // Parameters, then buffers of the model: all that an evaluation depends on.
  std::vector<at::Tensor> tensors() const;
  std::vector<std::string> unread_hyperparameters() const { return hyperparameters_.unread(); }
  // How updates were recorded, or why not; null where they are not to be.
  const StepGraphs* step_graphs() const { return step_graphs_ ? &*step_graphs_ : nullptr; }
  Workload& workload() { return *workload_; }
  std::string data_set_id() const { return workload_->data_set_id(); }
  int64_t batch_size() const { return batch_size_; }
  // Null unless the spec asks for one.
  const SyncAudit* sync_audit() const { return audit_.get(); }

  // Name of the first parameter that holds a NaN or an infinity; empty when all are finite. Waits for the
  // device.
  std::string first_non_finite_parameter() const;
  // Throws SubmissionError when a parameter no longer lives where the model keeps it.
  void require_parameters_in_place() const;
  // Throws SubmissionError, on every rank, when parameters are no longer the same bits everywhere.
  void require_same_parameters_on_all_ranks() const;
  std::string parameters_hash() const;

  // Parameters, buffers, submission state, random generators, data position, step. Device drained.
  Checkpoint snapshot();
  void restore(const Checkpoint& checkpoint);

 private:
  void note_targets(const Batch& batch);
  void require_targets_untouched(const char* call);
  int64_t buffer_changes() const;  // so far, in place

  class LoaderQueue;
  class WorkloadModel;
  class CurrentStep;

  void require_an_example_for_every_rank() const;
  void average_gradients(ProcessGroup& group);

  Device& device_;
  Hyperparameters hyperparameters_;
  std::unique_ptr<SyncAudit> audit_;
  std::unique_ptr<AuditedCalls> audited_calls_;  // null where audit_ is
  LoadedSubmission submission_;
  std::unique_ptr<Workload> workload_;
  ParameterList parameters_;
  std::vector<const void*> storage_;  // where each parameter lived at the start
  int64_t batch_size_ = 0;
  StepTimes step_times_;
  std::unique_ptr<LoaderQueue> queue_;
  std::unique_ptr<WorkloadModel> model_;
  std::unique_ptr<CurrentStep> current_;
  LossWatch losses_;
  Batch batch_;
  std::unique_ptr<GradientAveraging> averaging_;  // null with one rank
  std::vector<at::Tensor> buffers_;               // of the model
  std::vector<std::pair<at::Tensor, int64_t>>
      targets_;  // of this step, and how often they were changed before
  std::optional<StepGraphs> step_graphs_;
  int64_t step_ = 0;
  bool finished_by_submission_ = false;
};

}  // namespace timetrial
