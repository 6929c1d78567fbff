#pragma once

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// Placement units cut by METIS into one part a device: both time and memory balanced, as few bytes between
// parts as it finds. Throws, and is to be called, as metis_parts() (workloads/graph_partition).
Plan metis_partition(const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
