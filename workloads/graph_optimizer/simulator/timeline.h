#pragma once

#include <cstdint>
#include <vector>

#include "workloads/graph_optimizer/simulator/cost_graph.h"

namespace timetrial {

// A kernel on a device, from `start_ps` to `end_ps` (not included).
struct KernelSpan {
  NodeId root = 0;       // the op that writes its output
  uint32_t members = 1;  // ops in it
  uint32_t device = 0;
  int64_t start_ps = 0, end_ps = 0;

  bool operator==(const KernelSpan&) const = default;
};

// A tensor on its way.
struct TransferSpan {
  NodeId tensor = 0;
  uint32_t from = 0, to = 0;  // devices
  int64_t start_ps = 0, end_ps = 0;

  bool operator==(const TransferSpan&) const = default;
};

// All that happened in a simulated step, in the order in which it began.
struct Timeline {
  std::vector<KernelSpan> kernels;
  std::vector<TransferSpan> transfers;

  bool operator==(const Timeline&) const = default;
};

}  // namespace timetrial
