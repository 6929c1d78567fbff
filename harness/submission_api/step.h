#pragma once

// What a submission is handed during training: the queue of batches, the clock, the evaluations so far, one
// step.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "timetrial/batch.h"
#include "timetrial/model.h"

namespace timetrial {

// The training data, endless. Waiting here is on the clock.
class TrainingQueue {
 public:
  virtual ~TrainingQueue() = default;
  virtual Batch next() = 0;
};

// Read-only view of the submission clock. `elapsed_seconds` is the newest moment known without waiting for
// the device: exact on CPU, at most a few steps old on CUDA.
struct ClockView {
  double elapsed_seconds = 0;
  double budget_seconds = 0;

  double fraction() const { return budget_seconds > 0 ? elapsed_seconds / budget_seconds : 0; }
};

// Metric names are "<split>/<metric>", such as "validation/loss".
struct EvaluationResult {
  int64_t step = 0;
  double elapsed_seconds = 0;
  std::map<std::string, double> metrics;
};

// One call of Submission::update. Valid during that call only.
class Step {
 public:
  virtual ~Step() = default;

  virtual int64_t index() const = 0;  // 0-based count of updates already made
  virtual const Batch& batch() const = 0;
  virtual Model& model() = 0;
  virtual ClockView clock() const = 0;
  virtual const std::vector<EvaluationResult>& evaluations() const = 0;

  // Forward pass, loss and backward pass for the ordinary case: clears the gradients, then leaves the
  // gradient of the mean loss in every parameter's grad(). Returns that loss as a 0-d device tensor and
  // reports it (below).
  virtual at::Tensor backward(const ForwardOptions& forward = {}, const LossOptions& loss = {}) = 0;

  // Tells the harness the loss of this step, for divergence detection and progress; it is read without
  // waiting for the device. backward() does it by itself.
  virtual void report_loss(const at::Tensor& loss) = 0;

  // Ends the training after this update, with one last evaluation if the budget allows.
  virtual void finish_training() = 0;
};

}  // namespace timetrial
