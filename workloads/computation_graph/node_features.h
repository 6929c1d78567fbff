#pragma once

// The 140 features of a node in TpuGraphs' files (arXiv 2308.13490), `node_feat` float32 [nodes, 140], and
// `edge_index`. Where the graph is one of ATen operations these are XLA-style features of it, not XLA's own.

#include <array>
#include <cstdint>
#include <vector>

#include "workloads/computation_graph/computation_graph.h"

namespace timetrial {

inline constexpr int kNodeFeatures = 140;

// Raw numbers, not scaled. A list keeps its first few values, 0 where there are none; its sum and product run
// over the whole list, and the product of an empty list is 1. The padding of the layout cannot be told from
// dimension 0; that is the format's.
using NodeFeatures = std::array<float, kNodeFeatures>;

NodeFeatures node_features(const GraphNode& node);

// [nodes, 140] in row-major order.
std::vector<float> node_feature_matrix(const ComputationGraph& graph);

// [edges, 2] in row-major order: a row (u, v) says that u consumes the output of v. By consumer, then by its
// operands in their order, repeated ones included.
std::vector<int64_t> edge_index(const ComputationGraph& graph);

}  // namespace timetrial
