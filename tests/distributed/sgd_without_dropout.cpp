// Gradient descent whose steps depend on the batch alone, however it is cut among ranks.

#include "timetrial/submission.h"

namespace timetrial {

class SgdWithoutDropout : public Submission {
 public:
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    ForwardOptions forward;
    forward.dropout_rate = 0.0;
    step.backward(forward);
    const at::NoGradGuard no_grad;
    for (const Parameter& parameter : parameters_) {
      if (parameter.tensor.grad().defined()) parameter.tensor.sub_(parameter.tensor.grad(), 0.01);
    }
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  ParameterList parameters_;
};

TIMETRIAL_SUBMISSION(SgdWithoutDropout)

}  // namespace timetrial
