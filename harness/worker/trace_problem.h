#pragma once

// The two small problems that optimizers are traced on, and a harness just large enough to train them: model,
// batches, queue and steps as a trial has them. Parameters, data and noise are U(seed, i), the generator of
// the fingerprints (workloads/fingerprint/generator.h):
//   quad  tensors a.weight [6,4], b [5], k.weight [3,2,2,2] (p = 0, 1, 2): w = U(p, i), t = U(50 + p, i),
//         c = 1 + 0.5 U(60 + p, i); loss 0.5 sum c (w - t)^2; update s (from 1) is given the gradient
//         c (w - t) + 0.1 U(1000 + 10 s + p, i), whose last term no loss shows
//   mlp   8-16-4 with tanh, full batch of 32, mean squared error over its 32 * 4 outputs

#include <functional>
#include <memory>
#include <string>

#include "timetrial/model.h"
#include "timetrial/parameter.h"
#include "timetrial/step.h"

namespace timetrial {

class TraceProblem : public Model {
 public:
  // "inputs" and "targets" of the update with the 0-based number `step`. Noise of a gradient is part of it:
  // two backward passes on one batch meet the same noise.
  virtual Batch batch(int64_t step) const = 0;

  LossType loss_type() const override { return LossType::mean_squared_error; }

  // At the present parameters, without noise.
  double current_loss();

  ParameterList parameters;  // leaf tensors of the problem's dtype on the CPU
};

// name: "quad" or "mlp". Throws UserError for another. dtype: float32 or float64; all is computed in float64
// and rounded once.
std::unique_ptr<TraceProblem> make_trace_problem(const std::string& name, at::ScalarType dtype);

// The batch of one step, as often as it is asked for.
class TraceQueue : public TrainingQueue {
 public:
  TraceQueue(const TraceProblem& problem, int64_t step) : problem_(problem), step_(step) {}
  Batch next() override { return problem_.batch(step_); }

 private:
  const TraceProblem& problem_;
  int64_t step_;
};

class TraceStep : public Step {
 public:
  // `disturb` may change the gradients after every backward pass.
  TraceStep(TraceProblem& problem, int64_t index, Batch batch,
            std::function<void(const ParameterList&)> disturb = {})
      : problem_(problem), index_(index), batch_(std::move(batch)), disturb_(std::move(disturb)) {}
  TraceStep(TraceProblem& problem, int64_t index, std::function<void(const ParameterList&)> disturb = {})
      : TraceStep(problem, index, problem.batch(index), std::move(disturb)) {}

  int64_t index() const override { return index_; }
  const Batch& batch() const override { return batch_; }
  Model& model() override { return problem_; }
  ClockView clock() const override { return {}; }
  const std::vector<EvaluationResult>& evaluations() const override { return evaluations_; }
  at::Tensor backward(const ForwardOptions& forward, const LossOptions& loss) override;
  void report_loss(const at::Tensor& /*loss*/) override {}
  void finish_training() override { finished_ = true; }

  bool finished() const { return finished_; }

 private:
  TraceProblem& problem_;
  int64_t index_;
  Batch batch_;
  std::function<void(const ParameterList&)> disturb_;
  std::vector<EvaluationResult> evaluations_;
  bool finished_ = false;
};

}  // namespace timetrial
