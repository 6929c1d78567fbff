#pragma once

#include <algorithm>
#include <cstdint>

#include "workloads/graph_optimizer/simulator/kernel_graph.h"
#include "workloads/graph_optimizer/simulator/machine.h"

namespace timetrial {

// No placement and no schedule of the same kernels ends before the later of the two: the longest path of
// durations, and all work shared evenly among the devices (rounded up). Of other kernels, fused otherwise, it
// says nothing.
struct LowerBound {
  int64_t critical_path_ps = 0;
  int64_t shared_work_ps = 0;

  int64_t makespan_ps() const { return std::max(critical_path_ps, shared_work_ps); }
};

LowerBound lower_bound(const KernelGraph& kernels, const Machine& machine);

}  // namespace timetrial
