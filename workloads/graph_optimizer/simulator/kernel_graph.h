#pragma once

#include <cstdint>
#include <vector>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/op_cost.h"

namespace timetrial {

// What runs: kernels of one op or several, each known by the op that writes its output. Plain data; vectors
// keep their memory when it is filled again.
struct KernelGraph {
  std::vector<NodeId> root;          // of every kernel, ascending, so that kernels are in topological order
  std::vector<uint32_t> members;     // ops that every kernel computes, its root included
  std::vector<KernelCost> cost;      // of every kernel
  std::vector<int64_t> duration_ps;  // of every kernel
  NodeLists inputs;                  // tensors that every kernel reads, ascending
  NodeLists consumers;  // kernels (positions in this graph) that read each tensor (by node), ascending

  uint32_t size() const { return static_cast<uint32_t>(root.size()); }
};

// Times are added up without fear of overflow: no graph whose kernels one after the other, or whose tensors
// each sent once, would take longer than this (13 days) is simulated.
inline constexpr int64_t kLongestStepPs = int64_t{1} << 60;

// Throws std::logic_error when the kernels' durations sum up to more than kLongestStepPs.
void check_durations(const KernelGraph& kernels);

// Every op by itself. Throws std::logic_error above kLongestStepPs.
KernelGraph unfused_kernels(const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
