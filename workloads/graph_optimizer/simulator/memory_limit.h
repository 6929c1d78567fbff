#pragma once

#include <cstdint>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"

namespace timetrial {

// What the whole graph needs on one device, first in, first out, without fusion.
int64_t one_device_peak_bytes(const Dataflow& flow, const Machine& machine);

// A memory for every device that is `percent` of that (rounded down): below 100 one device is not enough, and
// memory becomes part of the task. Throws std::logic_error for a percentage below 1.
int64_t binding_memory_bytes(const Dataflow& flow, const Machine& machine, int64_t percent);

}  // namespace timetrial
