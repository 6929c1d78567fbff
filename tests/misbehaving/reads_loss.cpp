// Reads the loss back in every update, and so makes the host wait for the device.

#include "timetrial/submission.h"

namespace timetrial {

class ReadsLoss : public Submission {
 public:
  void initialize(const Initialization& initialization) override { parameters_ = initialization.parameters; }
  void update(Step& step) override {
    const at::Tensor loss = step.backward();
    at::NoGradGuard no_grad;
    const double rate = rate_from_the_loss(loss);
    for (const Parameter& parameter : parameters_) {
      if (parameter.tensor.grad().defined()) parameter.tensor.sub_(parameter.tensor.grad(), rate);
    }
  }
  void save(State& /*state*/) const override {}
  void load(const State& /*state*/) override {}

 private:
  __attribute__((noinline)) static double rate_from_the_loss(const at::Tensor& loss) {
    const double value = loss.item<double>();
    return value > 1 ? 0.1 : 0.05;
  }

  ParameterList parameters_;
};

TIMETRIAL_SUBMISSION(ReadsLoss)

}  // namespace timetrial
