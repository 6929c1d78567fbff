#pragma once

// One step of training as a graph, with what a simulator of its cost must know of every node. Plain vectors,
// free of LibTorch.

#include <cstdint>
#include <string>
#include <vector>

#include "workloads/computation_graph/computation_graph.h"

namespace timetrial {

enum class TrainingPhase : uint8_t { forward, backward, update };

inline constexpr int32_t kNoGroup = -1;
inline constexpr int32_t kNoLayer = -1;

// All vectors but the last two have one entry a node, in the order of graph.nodes.
struct ExportedGraph {
  ComputationGraph graph;
  std::vector<int64_t> flops;         // floating-point operations, by operation_cost.h; 0 for a view
  std::vector<int64_t> output_bytes;  // of a view: of what it shows, which its producer holds
  std::vector<uint8_t>
      is_view;  // 1: shows the memory of its first operand, costs nothing, lies where that lies
  std::vector<TrainingPhase> phase;  // an input has that of its first use
  // Nodes of one group belong together on a device: a weight, its gradient where it is complete, its
  // optimizer state, and the update of both. An index into `weights`.
  std::vector<int32_t> colocation_group;
  // For placements by layer: the place in `layers` of the module whose parameter a forward node used last, as
  // far as data tells; a backward node has that of the forward node it belongs to, an update that of its
  // weight.
  std::vector<int32_t> layer;
  // What made the node: "aten::addmm", or an input's name.
  std::vector<std::string> source;

  std::vector<std::string> weights;  // names, by colocation group
  std::vector<std::string> layers;   // module names, in order of first use

  bool operator==(const ExportedGraph&) const = default;
};

int64_t total_flops(const ExportedGraph& exported, TrainingPhase phase);

// Whether all vectors have the sizes that the graph asks for and the graph is valid; throws std::logic_error.
void validate(const ExportedGraph& exported);

// Leaves only what the roots need, directly or through others, and numbers the parameters anew.
ExportedGraph live_part(const ExportedGraph& exported);

// The graph with every view left out and its consumers joined to what it shows. A view that is a root stays,
// and so does a get-tuple-element, which says what of a tuple is taken.
ExportedGraph without_views(const ExportedGraph& exported);

}  // namespace timetrial
