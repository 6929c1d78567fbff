#pragma once

#include <ATen/core/Tensor.h>

#include "timetrial/batch.h"

namespace timetrial {

// The batch with all of its tensors on the device, which may still be copying them.
inline Batch moved_batch(Batch batch, const at::Device& device) {
  for (auto& [name, tensor] : batch.tensors) tensor = tensor.to(device, /*non_blocking=*/true);
  return batch;
}

}  // namespace timetrial
