#pragma once

// A well-behaved submission, for others of this folder to be made of: gradient descent with a fixed learning
// rate, no hyperparameters, no state.

#include "timetrial/submission.h"

namespace timetrial {

class PlainSgd : public Submission {
 public:
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    step.backward();
    descend(0.1);
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 protected:
  const ParameterList& parameters() const { return parameters_; }

  void descend(double rate) const {
    at::NoGradGuard no_grad;
    for (const Parameter& parameter : parameters_) {
      if (parameter.tensor.grad().defined()) parameter.tensor.sub_(parameter.tensor.grad(), rate);
    }
  }

 private:
  ParameterList parameters_;
};

}  // namespace timetrial
