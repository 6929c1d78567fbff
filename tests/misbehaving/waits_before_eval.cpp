// Looks in prepare_for_eval for parameters that are zero.

#include "timetrial/submission.h"

namespace timetrial {

class WaitsBeforeEval : public Submission {
 public:
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    step.backward();
    at::NoGradGuard no_grad;
    for (const Parameter& parameter : parameters_) {
      if (parameter.tensor.grad().defined()) parameter.tensor.sub_(parameter.tensor.grad(), 0.1);
    }
  }
  void prepare_for_eval(Model& /*model*/, TrainingQueue& /*queue*/) override {
    at::NoGradGuard no_grad;
    zeros_ += count_zeros(parameters_.front().tensor);
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  __attribute__((noinline)) static int64_t count_zeros(const at::Tensor& tensor) {
    const at::Tensor places = tensor.eq(0).nonzero();
    return places.size(0);
  }

  ParameterList parameters_;
  int64_t zeros_ = 0;
};

TIMETRIAL_SUBMISSION(WaitsBeforeEval)

}  // namespace timetrial
