// Gradient descent with momentum whose momentum is missing from save().

#include <vector>

#include "timetrial/submission.h"

namespace timetrial {

class ForgetsState : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    parameters_ = initialization.parameters;
    for (const Parameter& parameter : parameters_) momentum_.push_back(at::zeros_like(parameter.tensor));
  }
  void update(Step& step) override {
    step.backward();
    at::NoGradGuard no_grad;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      momentum_[i].mul_(0.9).add_(parameters_[i].tensor.grad());
      parameters_[i].tensor.sub_(momentum_[i], 0.01);
    }
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  ParameterList parameters_;
  std::vector<at::Tensor> momentum_;
};

TIMETRIAL_SUBMISSION(ForgetsState)

}  // namespace timetrial
