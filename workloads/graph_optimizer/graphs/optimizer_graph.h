#pragma once

// One graph of the data set: what it costs, what a policy sees of its nodes, and the machine it is planned
// for.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "workloads/computation_graph/opcode.h"
#include "workloads/graph_optimizer/simulator/cost_graph.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

inline constexpr size_t kListedDimensions = 6;

// Of a node's output.
struct OutputShape {
  int64_t element_bytes = 0;  // 0 for a tuple
  int64_t rank = 0;
  std::array<int64_t, kListedDimensions> dimensions = {};  // from the first on; 0 where there is none

  bool operator==(const OutputShape&) const = default;
};

// All vectors have one entry a node, in the order of graph.nodes.
struct OptimizerGraph {
  std::string name;
  CostGraph graph;
  Machine machine;
  std::vector<Opcode> opcodes;
  std::vector<OutputShape> shapes;
  // The best heuristic plan of all three tasks.
  Plan all_tasks;
  // The best heuristic placement without fusion and schedule, which fits into the machine's memory; on it the
  // best schedule without fusion, and the best fusion without a schedule.
  Plan single_tasks;
};

// Unless graph and machine are valid, all vectors have the graph's length, and plans have devices of the
// machine and levels from 0 (fusion: from kNeverFuse) to below the number of nodes, throws std::logic_error.
void validate(const OptimizerGraph& graph);

}  // namespace timetrial
