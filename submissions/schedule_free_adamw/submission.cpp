// Schedule-free AdamW: no decay of the learning rate; what is evaluated is an average of the training's
// points.

#include <algorithm>
#include <cmath>
#include <optional>

#include <ATen/ops/full.h>

#include "schedule_free_adamw.h"
#include "timetrial/checked_hyperparameters.h"
#include "timetrial/elementwise_submission.h"

namespace timetrial {

ScheduleFreeAdamw::ScheduleFreeAdamw(const Initialization& initialization) {
  const Hyperparameters& hyperparameters = initialization.hyperparameters;
  learning_rate = not_negative(hyperparameters, "learning_rate", 0.0025);
  warmup_steps = std::floor(fraction(hyperparameters, "warmup_factor", 0.02 * 0.75) *
                            static_cast<double>(initialization.step_hint));
  beta1 = decay_rate_from_complement(hyperparameters, "one_minus_beta1", 0.1);
  // y = z then, and x cannot be found again from y and z.
  require_hyperparameter(beta1 > 0, "one_minus_beta1", 1 - beta1, "below 1");
  beta2 = decay_rate(hyperparameters, "beta2", 0.9955159689799007);
  weight_decay = not_negative(hyperparameters, "weight_decay", 0.08121616522670176);
  epsilon = not_negative(hyperparameters, "epsilon", 1e-8);
}

namespace {

// Running statistics of batch normalisation must fit x, but training passes run at y: so they leave the
// statistics alone, and every third step a pass at x without gradients refreshes them.
constexpr int64_t kStepsPerBatchNormRefresh = 3;

bool is_batch_norm(const Parameter& parameter) {
  return parameter.kind == ParameterKind::batch_norm_scale ||
         parameter.kind == ParameterKind::batch_norm_bias;
}

class ScheduleFreeSubmission : public ElementwiseSubmission<ScheduleFreeAdamw> {
 public:
  void initialize(const Initialization& initialization) override {
    ElementwiseSubmission::initialize(initialization);
    at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters().size(); ++i) fast_points()[i].copy_(parameters()[i]);
    has_batch_norm_ =
        std::any_of(initialization.parameters.begin(), initialization.parameters.end(), is_batch_norm);
    to_gradient_point_.emplace(parameters(), std::vector<std::vector<at::Tensor>>{fast_points()});
    share_ = at::full({1}, algorithm().to_gradient_point(),
                      at::TensorOptions().dtype(at::kDouble).device(initialization.device));
  }

  void update(Step& step) override {
    ElementwiseSubmission::update(step);
    return_idle_parameters();
  }

  // The refresh of batch normalisation comes in some steps only.
  bool capturable() const override { return !has_batch_norm_; }

 protected:
  void take_gradients(Step& step) override {
    ForwardOptions forward = options().forward;
    {
      at::NoGradGuard no_grad;
      if (has_batch_norm_ && step.index() % kStepsPerBatchNormRefresh == 0) {
        step.model().forward(step.batch(), forward);
      }
      to_gradient_point_->apply<MoveTowards>(share_);
    }
    forward.update_batch_norm = false;
    step.backward(forward, options().loss);
  }

 private:
  const std::vector<at::Tensor>& fast_points() const { return state(0); }

  // Parameters that got no gradient were not updated and still hold y.
  void return_idle_parameters() {
    at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < parameters().size(); ++i) {
      if (parameters()[i].grad().defined()) continue;
      parameters()[i].lerp_(fast_points()[i], algorithm().to_average());
    }
  }

  bool has_batch_norm_ = false;
  std::optional<ElementwiseUpdate> to_gradient_point_;
  at::Tensor share_;  // [1] float64
};

}  // namespace

TIMETRIAL_SUBMISSION(ScheduleFreeSubmission)

}  // namespace timetrial
