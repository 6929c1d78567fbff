// AdamW with linear warm-up and cosine decay: the yardstick. Every scalar of a step lives on the host.

#include "timetrial/submission.h"

#include <vector>

#include "timetrial/adam.h"
#include "timetrial/fused_adamw.h"
#include "timetrial/gradients.h"
#include "timetrial/step_options.h"

namespace timetrial {
namespace {

class Adamw : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    const AdamSettings settings = AdamSettings::read(initialization);
    schedule_ = settings.schedule;
    options_ = StepOptions::read(initialization.hyperparameters);
    for (const Parameter& parameter : initialization.parameters) parameters_.push_back(parameter.tensor);
    adamw_ = FusedAdamw(parameters_, {.beta1 = settings.beta1,
                                      .beta2 = settings.beta2,
                                      .weight_decay = settings.weight_decay,
                                      .epsilon = settings.epsilon});
  }

  void update(Step& step) override {
    step.backward(options_.forward, options_.loss);
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (options_.grad_clip > 0) clip_gradients(gradients, options_.grad_clip);
    adamw_.update(gradients, schedule_.at(step.index()));
  }

  void save(State& state) const override { adamw_.save(state); }
  void load(const State& state) override { adamw_.load(state); }

 private:
  WarmupCosine schedule_;
  StepOptions options_;

  std::vector<at::Tensor> parameters_;
  FusedAdamw adamw_;
};

}  // namespace

TIMETRIAL_SUBMISSION(Adamw)

}  // namespace timetrial
