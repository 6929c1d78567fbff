// A well-behaved one of this folder: gradient descent with a fixed learning rate, no hyperparameters, no
// state.

#include "timetrial/submission.h"

namespace timetrial {

class PlainSgd : public Submission {
 public:
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    step.backward();
    at::NoGradGuard no_grad;
    for (const Parameter& parameter : parameters_) {
      if (parameter.tensor.grad().defined()) parameter.tensor.sub_(parameter.tensor.grad(), 0.1);
    }
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  ParameterList parameters_;
};

TIMETRIAL_SUBMISSION(PlainSgd)

}  // namespace timetrial
