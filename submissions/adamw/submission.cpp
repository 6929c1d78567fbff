// AdamW with linear warm-up and cosine decay: the yardstick. Every scalar of a step lives on the host.

#include "timetrial/submission.h"

#include <vector>

#include "timetrial/fused_adamw.h"
#include "timetrial/gradients.h"
#include "timetrial/learning_rate_schedule.h"

namespace timetrial {
namespace {

class Adamw : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    const Hyperparameters& hyperparameters = initialization.hyperparameters;
    schedule_ = WarmupCosine::over(initialization.step_hint,
                                   hyperparameters.number_or("learning_rate", 0.0017486387539278373),
                                   hyperparameters.number_or("warmup_factor", 0.02));
    FusedAdamw::Settings settings;
    settings.beta1 = 1 - hyperparameters.number_or("one_minus_beta1", 0.06733926164);
    settings.beta2 = hyperparameters.number_or("beta2", 0.9955159689799007);
    settings.weight_decay = hyperparameters.number_or("weight_decay", 0.08121616522670176);
    settings.epsilon = hyperparameters.number_or("epsilon", 1e-8);
    grad_clip_ = hyperparameters.number_or("grad_clip", 0);
    loss_.label_smoothing = hyperparameters.number_or("label_smoothing", 0);
    if (hyperparameters.has("dropout_rate")) forward_.dropout_rate = hyperparameters.number("dropout_rate");

    for (const Parameter& parameter : initialization.parameters) parameters_.push_back(parameter.tensor);
    adamw_ = FusedAdamw(parameters_, settings);
  }

  void update(Step& step) override {
    step.backward(forward_, loss_);
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (grad_clip_ > 0) clip_gradients(gradients, grad_clip_);
    adamw_.update(gradients, schedule_.at(step.index()));
  }

  void save(State& state) const override { adamw_.save(state); }
  void load(const State& state) override { adamw_.load(state); }

 private:
  WarmupCosine schedule_;
  double grad_clip_ = 0;  // 0: off
  ForwardOptions forward_;
  LossOptions loss_;
  std::vector<at::Tensor> parameters_;
  FusedAdamw adamw_;
};

}  // namespace

TIMETRIAL_SUBMISSION(Adamw)

}  // namespace timetrial
