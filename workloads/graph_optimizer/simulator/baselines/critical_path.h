#pragma once

#include "workloads/graph_optimizer/simulator/plan.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {

// The plan with another schedule: of ready kernels the one first from which the longest way leads to the end
// of the step, durations and, between devices, transfers added up (no waiting for links). Levels are
// positions in that order.
Plan with_critical_path_schedule(Plan plan, Simulator& simulator);

}  // namespace timetrial
