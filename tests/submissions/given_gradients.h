#pragma once

// A submission fed with gradients that no model computed.

#include <stdexcept>

#include "tested_submission.h"

namespace timetrial {

// Parameters whose gradients the test gives.
class GivenGradients : public TraceProblem {
 public:
  // Leaves the gradients of the 0-based step in the parameters.
  virtual void give(int64_t step) = 0;

  Batch batch(int64_t /*step*/) const override { return {}; }
  at::Tensor forward(const Batch& /*batch*/, const ForwardOptions& /*options*/) override { return {}; }
  Loss loss(const Batch& /*batch*/, const at::Tensor& /*logits*/, const LossOptions& /*options*/) override {
    throw std::logic_error("given gradients have no loss");
  }
};

class GivenStep : public TraceStep {
 public:
  GivenStep(GivenGradients& problem, int64_t index) : TraceStep(problem, index), problem_(problem) {}

  at::Tensor backward(const ForwardOptions& /*forward*/, const LossOptions& /*loss*/) override {
    problem_.give(index());
    return at::zeros({});
  }

 private:
  GivenGradients& problem_;
};

inline void train(TracedSubmission& submission, GivenGradients& problem, int64_t begin, int64_t end) {
  for (int64_t index = begin; index < end; ++index) {
    GivenStep step(problem, index);
    submission.update(step);
  }
}

}  // namespace timetrial
