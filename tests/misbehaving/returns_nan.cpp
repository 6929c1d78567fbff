// Fills the parameters with NaN in its third update and reports the loss that follows.

#include <cmath>

#include "timetrial/submission.h"

namespace timetrial {

class ReturnsNan : public Submission {
 public:
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    if (step.index() == 2) {
      at::NoGradGuard no_grad;
      for (const Parameter& parameter : parameters_) parameter.tensor.fill_(NAN);
    }
    step.backward();
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  ParameterList parameters_;
};

TIMETRIAL_SUBMISSION(ReturnsNan)

}  // namespace timetrial
