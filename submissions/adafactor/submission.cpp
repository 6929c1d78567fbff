// Adafactor with momentum and without scaling by parameters, linear warm-up and cosine decay.

#include "timetrial/submission.h"

#include <cmath>

#include "second_moment.h"
#include "timetrial/checked_hyperparameters.h"
#include "timetrial/gradients.h"
#include "timetrial/learning_rate_schedule.h"
#include "timetrial/step_options.h"

namespace timetrial {
namespace {

class Adafactor : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    const Hyperparameters& hyperparameters = initialization.hyperparameters;
    options_ = StepOptions::read(hyperparameters);
    schedule_ = WarmupCosine::over(initialization.step_hint,
                                   not_negative(hyperparameters, "learning_rate", 0.0017486387539278373),
                                   hyperparameters.number_or("warmup_factor", 0.02));
    beta1_ = decay_rate_from_complement(hyperparameters, "one_minus_beta1", 0.06733926164);
    beta2_ = decay_rate(hyperparameters, "beta2", 0.99);
    weight_decay_ = not_negative(hyperparameters, "weight_decay", 0.08121616522670176);
    epsilon_ = not_negative(hyperparameters, "epsilon", 1e-30);
    clipping_threshold_ = hyperparameters.number_or("clipping_threshold", 1);
    require_hyperparameter(clipping_threshold_ > 0, "clipping_threshold", clipping_threshold_, "above 0");

    for (const Parameter& parameter : initialization.parameters) {
      parameters_.push_back(parameter.tensor);
      first_moments_.push_back(at::zeros_like(parameter.tensor));
      second_moments_.emplace_back(parameter.tensor);
    }
    updates_.resize(parameters_.size());
  }

  void update(Step& step) override {
    step.backward(options_.forward, options_.loss);
    at::NoGradGuard no_grad;
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (options_.grad_clip > 0) clip_gradients(gradients, options_.grad_clip);
    const double rate = schedule_.at(step.index());
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (!gradients[i].defined() || gradients[i].numel() == 0) continue;
      at::Tensor change = second_moments_[i].normalized(gradients[i], next_beta2(updates_[i]++), epsilon_);
      limit(change);
      first_moments_[i].lerp_(change.mul_(rate), 1 - beta1_);
      parameters_[i].mul_(1 - rate * weight_decay_).sub_(first_moments_[i]);
    }
  }

  void save(State& state) const override {
    state.put_list("first_moments", first_moments_);
    state.put_list("second_moments", averages());
    state.put("updates", at::tensor(updates_, at::kLong));
  }

  void load(const State& state) override {
    state.get_list_into("first_moments", first_moments_);
    state.get_list_into("second_moments", averages());
    at::Tensor updates = at::tensor(updates_, at::kLong);
    state.get_into("updates", updates);
    updates_.assign(updates.const_data_ptr<int64_t>(), updates.const_data_ptr<int64_t>() + updates.numel());
  }

 private:
  // Of the update after `updates` others: a moving average that is corrected for its start from zero.
  double next_beta2(int64_t updates) const {
    const double before = std::pow(beta2_, static_cast<double>(updates));
    return beta2_ * (1 - before) / (1 - beta2_ * before);
  }

  // Scales a change down to a root mean square of clipping_threshold.
  void limit(at::Tensor& change) const {
    const double root_of_count = std::sqrt(static_cast<double>(change.numel()));
    change.div_((change.norm() / (root_of_count * clipping_threshold_)).clamp_min(1));
  }

  std::vector<at::Tensor> averages() const {
    std::vector<at::Tensor> all;
    for (const SecondMoment& moment : second_moments_) {
      all.insert(all.end(), moment.averages().begin(), moment.averages().end());
    }
    return all;
  }

  StepOptions options_;
  WarmupCosine schedule_;
  double beta1_ = 0;
  double beta2_ = 0;
  double weight_decay_ = 0;
  double epsilon_ = 0;
  double clipping_threshold_ = 0;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Tensor> first_moments_;
  std::vector<SecondMoment> second_moments_;
  std::vector<int64_t> updates_;  // of each parameter: one without a gradient does not age
};

}  // namespace

TIMETRIAL_SUBMISSION(Adafactor)

}  // namespace timetrial
