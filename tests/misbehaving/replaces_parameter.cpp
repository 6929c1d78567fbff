// Puts another storage under the first parameter in its third update, against the contract of Parameter.

#include "timetrial/submission.h"

namespace timetrial {

class ReplacesParameter : public Submission {
 public:
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    if (step.index() == 2) parameters_[0].tensor.set_data(parameters_[0].tensor.detach().clone());
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  ParameterList parameters_;
};

TIMETRIAL_SUBMISSION(ReplacesParameter)

}  // namespace timetrial
