#pragma once

// Heterogeneous Earliest Finish Time (Topcuoglu, Hariri, Wu 2002), the classic list scheduler of task graphs,
// here on equal devices.

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// Ops by descending upward rank (longest way to the end, with all transfers), each where it would end first,
// in a gap between others if one is long enough. The first op of a placement unit decides for the unit;
// parameters that are nowhere yet go with the first op that reads them. As long as another device has room,
// devices that resident bytes alone would fill above their memory are left out (our addition; HEFT knows no
// memory). Levels are positions in the order of start times. HEFT takes links for free of contention: what it
// promises is never a result, simulate the plan.
Plan heft(const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
