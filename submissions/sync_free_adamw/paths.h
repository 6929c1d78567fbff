#pragma once

// The two ways to make one update. Both leave everything as it was, bit for bit, when a gradient is not
// finite, and neither hands a value to the host. They agree to rounding.

#include <vector>

#include <ATen/core/Tensor.h>

#include "settings.h"
#include "timetrial/elementwise_update.h"

namespace timetrial {

// What an update changes. The lists run parallel to the parameters of the model.
struct AdamwTensors {
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> first_moments;
  std::vector<at::Tensor> second_moments;
  at::Tensor scalars;  // see scalars.h
};

// gradients: from gradients_of; undefined entries leave their parameter and moments alone.
// CPU: one pass to scan the gradients, one pass to update. `engine` was made of the same parameters and
// moments.
void update_fused(const AdamwSettings& settings, const ElementwiseUpdate& engine, const AdamwTensors& tensors,
                  const std::vector<at::Tensor>& gradients);

// Any device: ATen operations only.
void update_with_aten(const AdamwSettings& settings, const AdamwTensors& tensors,
                      const std::vector<at::Tensor>& gradients);

}  // namespace timetrial
