#pragma once

// What a policy sees of a node beside its operation: numbers of about the size of 1. Logarithms are natural,
// of 1 + x, over 20. Columns:
//   0 flops  1 bytes of the output  2 resident bytes  3 operands, log2(1 + n) / 4  4 consumers, likewise
//   5 place in the topological order, 0 … 1  6 the same of its placement unit's anchor
//   7 share of all work that comes before it in the topological order  8 its own share, square root
//   9 longest way from the start that ends with it, over the longest of all  10 longest way from it to the
//   end 11 output over memory of a device, square root  12 resident bytes of its unit over memory, square
//   root 13 - 16 compute, reduce, view, parameter  17 fusible  18 in a group of colocation 19 (devices - 1) /
//   3  20 rank / 6  21 - 26 dimensions, 0 where there is none 27 the unit's anchor in the order of work
//   (column 7 of the anchor)

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "workloads/graph_optimizer/graphs/optimizer_graph.h"
#include "workloads/graph_optimizer/simulator/dataflow.h"

namespace timetrial {

inline constexpr size_t kNodeInputs = 28;
inline constexpr int64_t kPlaceInput = 7;
inline constexpr int64_t kAnchorPlaceInput = 27;
using NodeInputs = std::array<float, kNodeInputs>;

// `flow`: of graph.graph.
std::vector<NodeInputs> node_inputs(const OptimizerGraph& graph, const Dataflow& flow);

}  // namespace timetrial
