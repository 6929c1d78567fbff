// AdamW with linear warm-up and cosine decay: the yardstick. Every scalar of a step lives on the host.

#include "timetrial/submission.h"

#include <vector>

#include "timetrial/gradients.h"
#include "timetrial/learning_rate_schedule.h"

namespace timetrial {
namespace {

// Parameters that have a gradient in this step, with their state, as parallel lists.
struct ActiveTensors {
  std::vector<at::Tensor> parameters, gradients, first_moments, second_moments, steps;
};

class Adamw : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    const Hyperparameters& hyperparameters = initialization.hyperparameters;
    schedule_ = WarmupCosine::over(initialization.step_hint,
                                   hyperparameters.number_or("learning_rate", 0.0017486387539278373),
                                   hyperparameters.number_or("warmup_factor", 0.02));
    beta1_ = 1 - hyperparameters.number_or("one_minus_beta1", 0.06733926164);
    beta2_ = hyperparameters.number_or("beta2", 0.9955159689799007);
    weight_decay_ = hyperparameters.number_or("weight_decay", 0.08121616522670176);
    epsilon_ = hyperparameters.number_or("epsilon", 1e-8);
    grad_clip_ = hyperparameters.number_or("grad_clip", 0);
    loss_.label_smoothing = hyperparameters.number_or("label_smoothing", 0);
    if (hyperparameters.has("dropout_rate")) forward_.dropout_rate = hyperparameters.number("dropout_rate");

    for (const Parameter& parameter : initialization.parameters) {
      parameters_.push_back(parameter.tensor);
      first_moments_.push_back(at::zeros_like(parameter.tensor));
      second_moments_.push_back(at::zeros_like(parameter.tensor));
      steps_.push_back(at::zeros({}, parameter.tensor.options().dtype(at::kFloat)));
    }
  }

  void update(Step& step) override {
    step.backward(forward_, loss_);
    at::NoGradGuard no_grad;
    ActiveTensors active = collect_active();
    if (active.parameters.empty()) return;
    if (grad_clip_ > 0) clip(active.gradients);
    at::_foreach_add_(active.steps, 1);
    at::_fused_adamw_(active.parameters, active.gradients, active.first_moments, active.second_moments, {},
                      active.steps, schedule_.at(step.index()), beta1_, beta2_, weight_decay_, epsilon_,
                      /*amsgrad=*/false, /*maximize=*/false);
  }

  void save(State& state) const override {
    state.put_list("first_moments", first_moments_);
    state.put_list("second_moments", second_moments_);
    state.put_list("steps", steps_);
  }

  void load(const State& state) override {
    state.get_list_into("first_moments", first_moments_);
    state.get_list_into("second_moments", second_moments_);
    state.get_list_into("steps", steps_);
  }

 private:
  ActiveTensors collect_active() const {
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    ActiveTensors active;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (!gradients[i].defined()) continue;
      active.parameters.push_back(parameters_[i]);
      active.gradients.push_back(gradients[i]);
      active.first_moments.push_back(first_moments_[i]);
      active.second_moments.push_back(second_moments_[i]);
      active.steps.push_back(steps_[i]);
    }
    return active;
  }

  // Scales all gradients so that their global L2 norm is at most grad_clip.
  void clip(const std::vector<at::Tensor>& gradients) const {
    const at::Tensor norm = at::stack(at::_foreach_norm(gradients)).norm();
    at::_foreach_mul_(gradients, (grad_clip_ / (norm + 1e-6)).clamp_max(1.0));
  }

  WarmupCosine schedule_;
  double beta1_ = 0;
  double beta2_ = 0;
  double weight_decay_ = 0;
  double epsilon_ = 0;
  double grad_clip_ = 0;  // 0: off
  ForwardOptions forward_;
  LossOptions loss_;

  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_moments_;
  std::vector<at::Tensor> second_moments_;
  std::vector<at::Tensor> steps_;  // per parameter: one without a gradient does not age
};

}  // namespace

TIMETRIAL_SUBMISSION(Adamw)

}  // namespace timetrial
