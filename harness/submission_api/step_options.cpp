#include "timetrial/step_options.h"

#include "timetrial/checked_hyperparameters.h"

namespace timetrial {

StepOptions StepOptions::read(const Hyperparameters& hyperparameters, const StepDefaults& defaults) {
  StepOptions options;
  options.loss.label_smoothing = fraction(hyperparameters, "label_smoothing", defaults.label_smoothing);
  if (hyperparameters.has("dropout_rate")) {
    options.forward.dropout_rate = fraction(hyperparameters, "dropout_rate");
  }
  options.grad_clip = not_negative(hyperparameters, "grad_clip", defaults.grad_clip);
  return options;
}

}  // namespace timetrial
