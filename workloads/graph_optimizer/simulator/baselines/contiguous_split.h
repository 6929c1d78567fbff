#pragma once

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// The topological order cut into one piece a device, of equal time as nearly as can be. Units stand at their
// anchors and count with all their ops.
Plan contiguous_split(const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
