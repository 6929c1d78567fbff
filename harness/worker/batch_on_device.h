#pragma once

// The copy of a step's batch to the device, made before the submission's update so that it happens once a
// step and can be told from the forward pass.

#include <vector>

#include <ATen/core/Tensor.h>

#include "harness/device/device.h"
#include "harness/device/room_on.h"
#include "harness/worker/step_times.h"
#include "timetrial/batch.h"

namespace timetrial {

// Moves what every workload reads on its device: inputs and targets, without waiting for the copy. Lengths,
// paddings and weights stay where they are: some losses read them on the host, which would have to wait for
// the device. Nothing on the CPU.
inline void copy_batch(StepTimes& times, Batch& batch, Device& device) {
  if (device.torch_device().is_cpu()) return;
  const InStepPart copying(times, StepPart::host_to_device);
  std::vector<at::Tensor> from;
  std::vector<at::Tensor> to;
  for (const char* name : {"inputs", "targets"}) {
    const auto found = batch.tensors.find(name);
    if (found == batch.tensors.end() || !found->second.is_cpu()) continue;
    from.push_back(found->second);
    to.push_back(room_on(device, found->second));
    found->second = to.back();
  }
  device.copy_in(from, to);
}

}  // namespace timetrial
