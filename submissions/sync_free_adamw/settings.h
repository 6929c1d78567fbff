#pragma once

// What the host knows of the optimizer: constants of the trial, read once.

#include "timetrial/hyperparameters.h"
#include "timetrial/learning_rate_schedule.h"

namespace timetrial {

struct AdamwSettings {
  WarmupCosine schedule;
  double beta1 = 0;
  double beta2 = 0;
  double weight_decay = 0;
  double epsilon = 0;
  double grad_clip = 0;  // largest global L2 norm of the gradient; 0: no clipping
};

// Keeps the clip factor finite for a gradient of zeros (as in clip_grad_norm_).
inline constexpr double kClipEpsilon = 1e-6;

// Names and defaults are in the README.
AdamwSettings read_settings(const Hyperparameters& hyperparameters, int64_t step_hint);

}  // namespace timetrial
