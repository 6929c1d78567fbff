#pragma once

// Hyperparameters that every submission with an ordinary step understands, whatever its update:
// label_smoothing, dropout_rate, grad_clip.

#include "timetrial/hyperparameters.h"
#include "timetrial/model.h"
#include "timetrial/step_defaults.h"

namespace timetrial {

struct StepOptions {
  ForwardOptions forward;
  LossOptions loss;
  double grad_clip = 0;  // largest global L2 norm of the gradient; 0: no clipping

  // Throws UserError for a rate or smoothing outside [0, 1] or a negative norm.
  static StepOptions read(const Hyperparameters& hyperparameters, const StepDefaults& defaults = {});
};

}  // namespace timetrial
