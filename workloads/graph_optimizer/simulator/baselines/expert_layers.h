#pragma once

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// What a person does with a deep model: consecutive layers together on a device, forward and backward, the
// devices as evenly loaded as whole layers allow. A unit belongs to the layer of its first node that has one;
// without any to that of the op that reads it first, else of the first of that op's operands that has one;
// else it goes to device 0.
Plan expert_layers(const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
