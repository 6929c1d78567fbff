// Stochastic gradient descent with Nesterov momentum, linear warm-up and linear decay.

#include "timetrial/submission.h"

#include <vector>

#include "timetrial/gradients.h"
#include "timetrial/learning_rate_schedule.h"

namespace timetrial {
namespace {

class NesterovMomentum : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    const Hyperparameters& hyperparameters = initialization.hyperparameters;
    schedule_ = WarmupLinearDecay::over(initialization.step_hint, hyperparameters.number("learning_rate"),
                                        hyperparameters.number_or("warmup_factor", 0.05),
                                        hyperparameters.number_or("decay_steps_factor", 0.9),
                                        hyperparameters.number_or("end_factor", 1e-3));
    momentum_ = 1 - hyperparameters.number("one_minus_beta1");
    weight_decay_ = hyperparameters.number_or("weight_decay", 0);
    loss_.label_smoothing = hyperparameters.number_or("label_smoothing", 0);
    if (hyperparameters.has("dropout_rate")) forward_.dropout_rate = hyperparameters.number("dropout_rate");

    for (const Parameter& parameter : initialization.parameters) {
      parameters_.push_back(parameter.tensor);
      traces_.push_back(at::zeros_like(parameter.tensor));
    }
  }

  void update(Step& step) override {
    step.backward(forward_, loss_);
    at::NoGradGuard no_grad;
    const std::vector<at::Tensor> all_gradients = gradients_of(parameters_);
    std::vector<at::Tensor> parameters, gradients, traces;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (!all_gradients[i].defined()) continue;
      parameters.push_back(parameters_[i]);
      gradients.push_back(all_gradients[i]);
      traces.push_back(traces_[i]);
    }
    if (parameters.empty()) return;
    // A trace of zeros makes the first step what `is_first_step` would: trace = gradient.
    at::_fused_sgd_(parameters, gradients, traces, weight_decay_, momentum_, schedule_.at(step.index()),
                    /*dampening=*/0, /*nesterov=*/true, /*maximize=*/false, /*is_first_step=*/false);
  }

  void save(State& state) const override { state.put_list("traces", traces_); }
  void load(const State& state) override { state.get_list_into("traces", traces_); }

 private:
  WarmupLinearDecay schedule_;
  double momentum_ = 0;
  double weight_decay_ = 0;
  ForwardOptions forward_;
  LossOptions loss_;

  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> traces_;
};

}  // namespace

TIMETRIAL_SUBMISSION(NesterovMomentum)

}  // namespace timetrial
