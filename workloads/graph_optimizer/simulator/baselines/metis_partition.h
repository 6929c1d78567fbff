#pragma once

#include <cstdint>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// Whether this build has METIS (Debian's libmetis-dev when it was configured).
bool has_metis();

// Placement units cut by METIS's k-way partitioner into one part a device: both time and memory balanced, as
// few bytes between parts as it finds, the same every time. Throws UserError without METIS. Called while data
// are prepared only: METIS takes over the process's signal handlers during the call and draws from its random
// numbers. Other versions of METIS or of the C library may cut otherwise.
Plan metis_partition(const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
