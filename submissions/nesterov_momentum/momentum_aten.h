#pragma once

// The update in ATen operations, for devices without an elementwise pass. It hands no value to the host and
// agrees with the pass to rounding.

#include <vector>

#include <ATen/core/Tensor.h>

#include "momentum.h"

namespace timetrial {

// What an update changes. The lists run parallel to the parameters of the model.
struct MomentumTensors {
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> traces;
  at::Tensor steps;  // 0-d float64: updates applied so far
};

// grad_clip: largest global L2 norm of the gradient, 0 for no clipping. gradients: from gradients_of;
// undefined entries leave their parameter and trace alone; the others may be scaled in place.
void update_with_aten(const MomentumSettings& settings, MomentumKind kind, double grad_clip,
                      const MomentumTensors& tensors, const std::vector<at::Tensor>& gradients);

}  // namespace timetrial
