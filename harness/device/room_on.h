#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>

#include "harness/device/device.h"

namespace timetrial {

// Room for the tensor on the device, in the same order of memory.
inline at::Tensor room_on(const Device& device, const at::Tensor& tensor) {
  return at::empty_like(tensor, tensor.options().device(device.torch_device()).pinned_memory(false));
}

}  // namespace timetrial
