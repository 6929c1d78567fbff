// AdamW whose update never hands a value from the device to the host: step counter, learning rate, clip
// factor and overflow flag stay where the parameters are.

#include "timetrial/submission.h"

#include <optional>

#include "paths.h"
#include "scalars.h"
#include "timetrial/gradients.h"

namespace timetrial {
namespace {

class SyncFreeAdamw : public Submission {
 public:
  void initialize(const Initialization& initialization) override {
    const Hyperparameters& hyperparameters = initialization.hyperparameters;
    settings_ = read_settings(hyperparameters, initialization.step_hint);
    loss_.label_smoothing = hyperparameters.number_or("label_smoothing", 0);
    if (hyperparameters.has("dropout_rate")) forward_.dropout_rate = hyperparameters.number("dropout_rate");

    for (const Parameter& parameter : initialization.parameters) {
      tensors_.parameters.push_back(parameter.tensor);
      tensors_.first_moments.push_back(at::zeros_like(parameter.tensor));
      tensors_.second_moments.push_back(at::zeros_like(parameter.tensor));
    }
    tensors_.scalars = make_scalars(initialization.device);
    if (initialization.device.is_cpu()) {
      engine_.emplace(tensors_.parameters, std::vector{tensors_.first_moments, tensors_.second_moments});
    }
  }

  void update(Step& step) override {
    step.backward(forward_, loss_);
    const std::vector<at::Tensor> gradients = gradients_of(tensors_.parameters);
    if (engine_) {
      update_fused(settings_, *engine_, tensors_, gradients);
    } else {
      update_with_aten(settings_, tensors_, gradients);
    }
  }

  void save(State& state) const override {
    state.put_list("first_moments", tensors_.first_moments);
    state.put_list("second_moments", tensors_.second_moments);
    state.put("steps", steps_of(tensors_.scalars));
  }

  void load(const State& state) override {
    state.get_list_into("first_moments", tensors_.first_moments);
    state.get_list_into("second_moments", tensors_.second_moments);
    state.get_into("steps", steps_of(tensors_.scalars));
  }

 private:
  AdamwSettings settings_;
  ForwardOptions forward_;
  LossOptions loss_;
  AdamwTensors tensors_;
  std::optional<ElementwiseUpdate> engine_;  // CPU only
};

}  // namespace

TIMETRIAL_SUBMISSION(SyncFreeAdamw)

}  // namespace timetrial
