// AdamW with linear warm-up and cosine decay: the yardstick. Every scalar of a step lives on the host.

#include "timetrial/submission.h"

#include <vector>

#include "timetrial/fused_adamw.h"
#include "timetrial/gradients.h"
#include "timetrial/step_options.h"

namespace timetrial {
namespace {

class Adamw : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    options_ = StepOptions::read(initialization.hyperparameters);
    for (const Parameter& parameter : initialization.parameters) parameters_.push_back(parameter.tensor);
    adamw_ = FusedAdamw(parameters_, AdamSettings::read(initialization));
  }

  void update(Step& step) override {
    step.backward(options_.forward, options_.loss);
    const std::vector<at::Tensor> gradients = gradients_of(parameters_);
    if (options_.grad_clip > 0) clip_gradients(gradients, options_.grad_clip);
    adamw_.update(gradients, step.index());
  }

  void save(State& state) const override { adamw_.save(state); }
  void load(const State& state) override { adamw_.load(state); }

 private:
  StepOptions options_;

  std::vector<at::Tensor> parameters_;
  FusedAdamw adamw_;
};

}  // namespace

TIMETRIAL_SUBMISSION(Adamw)

}  // namespace timetrial
