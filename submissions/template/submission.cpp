// A complete training algorithm: AdamW with a warm-up. Rename it, change it, keep the hooks you need.

#include "timetrial/submission.h"

#include "timetrial/gradients.h"
#include "timetrial/learning_rate_schedule.h"

using namespace timetrial;

class MyAdamw : public Submission {
 public:
  // Optional, not timed: the global batch size. The default is what the reference algorithms use.
  int64_t batch_size(const WorkloadSummary& workload) override { return workload.default_batch_size; }

  // Not timed, called once. Read every hyperparameter of the search space here: one that is never read fails
  // the trial.
  void initialize(const Initialization& initialization) override {
    const Hyperparameters& point = initialization.hyperparameters;
    schedule_ = WarmupCosine::over(initialization.step_hint, point.number("learning_rate"), 0.05);
    weight_decay_ = point.number_or("weight_decay", 0.01);
    for (const Parameter& parameter : initialization.parameters) {  // name, tensor, kind, is_output
      parameters_.push_back(parameter.tensor);
      first_moments_.push_back(at::zeros_like(parameter.tensor));
      second_moments_.push_back(at::zeros_like(parameter.tensor));
    }
  }

  // Timed, once per training step: gradients, then the parameters in place. For more than one forward and
  // backward pass, use step.model() and step.batch() instead of step.backward(), and call step.report_loss().
  void update(Step& step) override {
    step.backward();
    at::NoGradGuard no_grad;
    const auto t = static_cast<double>(step.index() + 1);
    const double step_size = schedule_.at(step.index()) / (1 - std::pow(kBeta1, t));
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (!gradients[i].defined()) continue;  // took no part in this loss
      first_moments_[i].lerp_(gradients[i], 1 - kBeta1);
      second_moments_[i].mul_(kBeta2).addcmul_(gradients[i], gradients[i], 1 - kBeta2);
      const at::Tensor scale = (second_moments_[i] / (1 - std::pow(kBeta2, t))).sqrt_().add_(1e-8);
      parameters_[i].mul_(1 - schedule_.at(step.index()) * weight_decay_);
      parameters_[i].addcdiv_(first_moments_[i], scale, -step_size);
    }
  }

  // Optional, timed: select_batch chooses the next batch; prepare_for_eval and resume_training bracket
  // evaluations.

  // Not timed: all a resumed trial needs besides the parameters. Try it: kill a run and start it again.
  void save(State& state) const override {
    state.put_list("first_moments", first_moments_);
    state.put_list("second_moments", second_moments_);
  }
  void load(const State& state) override {
    state.get_list_into("first_moments", first_moments_);
    state.get_list_into("second_moments", second_moments_);
  }

 private:
  static constexpr double kBeta1 = 0.9;
  static constexpr double kBeta2 = 0.999;
  WarmupCosine schedule_;
  double weight_decay_ = 0;
  std::vector<at::Tensor> parameters_, first_moments_, second_moments_;
};

TIMETRIAL_SUBMISSION(MyAdamw)
