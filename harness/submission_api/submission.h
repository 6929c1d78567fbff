#pragma once

// The one header a submission includes. Derive from Submission, override what you need, and end the file with
//   TIMETRIAL_SUBMISSION(YourClass)
// (see submissions/template). The rules a submission must keep are in rules.md.
//
// Threads: the harness makes one call at a time, always from the same thread. Errors: throw anything derived
// from std::exception; it becomes the outcome of the trial, with its message.

#include <cstdint>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>  // at::NoGradGuard

#include "timetrial/batch.h"
#include "timetrial/hyperparameters.h"
#include "timetrial/model.h"
#include "timetrial/parameter.h"
#include "timetrial/state.h"
#include "timetrial/step.h"

namespace timetrial {

struct WorkloadSummary {
  std::string name;                // "criteo1tb"; the only place a submission sees it
  std::string tier;                // "full" or "mini"
  int64_t default_batch_size = 0;  // what the reference submissions use
};

struct Initialization {
  ParameterList parameters;                // order as in the model; tensors stay valid for the whole trial
  const Hyperparameters& hyperparameters;  // valid for the whole trial
  LossType loss_type = LossType::softmax_cross_entropy;
  int64_t step_hint = 0;  // steps the reference algorithm needs; the length of a schedule
  uint64_t seed = 0;      // for the submission's own randomness
  at::Device device = at::kCPU;
};

class Submission {
 public:
  virtual ~Submission() = default;

  // Global batch size. Not timed.
  virtual int64_t batch_size(const WorkloadSummary& workload) { return workload.default_batch_size; }

  // Allocates optimizer state. Not timed. Called once, before any other call below.
  virtual void initialize(const Initialization& initialization) = 0;

  // Chooses the batch of the next update. Timed.
  virtual Batch select_batch(TrainingQueue& queue) { return queue.next(); }

  // One training step: gradients (step.backward() in the ordinary case) and the parameter update. Timed.
  virtual void update(Step& step) = 0;

  // True: update() may be recorded on a GPU once for each shape of batch and then replayed without being
  // called. It does the same operations on the same memory in every step: what changes from step to step
  // (learning rate, number of the step, factors) lives in device memory; it neither waits for the device nor
  // looks at the step's index, clock or evaluations, and ends no training. Asked once, after initialize.
  virtual bool capturable() const { return false; }

  // Brackets every evaluation: put averaged weights in place, refresh batch-norm statistics … and undo it.
  // Timed.
  virtual void prepare_for_eval(Model& /*model*/, TrainingQueue& /*queue*/) {}
  virtual void resume_training() {}

  // Everything a resumed trial needs besides the parameters and the random generators, which the harness
  // keeps. Not timed. `load` is called after `initialize`.
  virtual void save(State& state) const = 0;
  virtual void load(const State& state) = 0;
};

}  // namespace timetrial

#include "timetrial/boundary.h"
