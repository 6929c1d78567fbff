#pragma once

// The two small problems that the recorded optimizer runs were made with (shared/golden/parity/README.md,
// section 6), and a harness just large enough to train them: it plays Step for a submission.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <ATen/ATen.h>

#include "timetrial/parameter.h"
#include "timetrial/step.h"

namespace timetrial {

// Leaves gradients in the parameters and returns the loss before the update.
class GoldenProblem {
 public:
  virtual ~GoldenProblem() = default;
  virtual at::Tensor backward(int64_t step_from_one) = 0;
  virtual double loss() = 0;

  ParameterList parameters;
};

// name: "quad" or "mlp".
std::unique_ptr<GoldenProblem> make_golden_problem(const std::string& name, at::ScalarType dtype);

class GoldenStep : public Step {
 public:
  // `disturb` may change the gradients after the backward pass.
  GoldenStep(GoldenProblem& problem, int64_t index, std::function<void(const ParameterList&)> disturb = {})
      : problem_(problem), index_(index), disturb_(std::move(disturb)) {}

  int64_t index() const override { return index_; }
  const Batch& batch() const override { return batch_; }
  Model& model() override;
  ClockView clock() const override { return {}; }
  const std::vector<EvaluationResult>& evaluations() const override { return evaluations_; }
  at::Tensor backward(const ForwardOptions& forward, const LossOptions& loss) override;
  void report_loss(const at::Tensor& /*loss*/) override {}
  void finish_training() override {}

 private:
  GoldenProblem& problem_;
  int64_t index_;
  std::function<void(const ParameterList&)> disturb_;
  Batch batch_;
  std::vector<EvaluationResult> evaluations_;
};

}  // namespace timetrial
