#pragma once

// The scalars of a step, in one float64 tensor on the device of the parameters. What the update needs is
// computed there and read there; the host never looks.

#include <ATen/core/Tensor.h>

#include "settings.h"
#include "timetrial/gradient_scan.h"

namespace timetrial {

// Places in the tensor. The scan of the gradients fills the first two.
enum AdamwScalar : int {
  kScalarSquaredNorm = kSquaredNorm,
  kScalarOverflow = kFoundNonFinite,  // 1: a gradient is not finite, the step is void
  kScalarSteps,                       // updates applied so far; void steps do not count
  kScalarWeightFactor,                // 1 - learning rate * weight decay
  kScalarClipFactor,                  // multiplies every gradient
  kScalarBeta1,
  kScalarBeta2,
  kScalarStepSize,          // learning rate / (1 - beta1^t)
  kScalarDenominatorScale,  // 1 / sqrt(1 - beta2^t)
  kScalarEpsilon,
  kScalarCount,
};

at::Tensor make_scalars(at::Device device);

// The counter as a 0-d view: all of the scalars that has to be saved.
at::Tensor steps_of(const at::Tensor& scalars);

// For the update with number (steps + 1), given the results of the scan. CPU only: elsewhere ATen operations
// do it.
void prepare_scalars(const AdamwSettings& settings, const at::Tensor& scalars);

// Counts the update, unless it was void. CPU only.
void count_step(const at::Tensor& scalars);

}  // namespace timetrial
