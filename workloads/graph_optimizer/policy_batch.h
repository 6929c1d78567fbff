#pragma once

// Graphs of a batch, one after the other, and the index lists that follow from them, so that no step has to
// sort. Nodes of a graph are in topological order.
//
// Tensors (N nodes, E edges, G graphs, U placement units, P ops, S segments of L nodes; int64 but for what is
// said to be other):
//   "inputs"  [N, 34] float32  node_inputs.h, then TimeInputs of start_inputs.h
//   "device_inputs" [N, kPolicyDevices, kDeviceInputs] float32  start_inputs.h
//   "opcodes" [N]              operations
//   "start_placement", "start_fusion", "start_schedule" [N]  columns of the plan to start from
//   (plan_columns.h);
//     of nodes that are a row of the task
//   "targets" [G] float32      best heuristic, ms  "graph"   [G]       place in the workload's list of graphs
//   "seeds"   [G]              of the plans that are drawn             "devices" [G]  of the machine
//   "node_graph" [N], "node_offsets" [G + 1]       graph of each node
//   "operand_of_edge" [E], "operand_order" [E], "operand_edges" [N + 1]: edges in the order of their
//     consumers, which have "consumer_edges" [N + 1]; "consumer_of_edge" [E], "consumer_order" [E]: edges in
//     the order of their operands, by which the others are sorted. Segments of segments.h, both ways.
//   "consumer_of_operand_edge" [E], "operand_of_consumer_edge" [E]: what the two orders are sorted by
//   "slot_node" [S L], "slot_order" [S L], "slot_offsets" [N + 2]: node in each place of the segments, N
//   where
//     there is none; "node_slot" [N], "node_slot_offsets" [S L + 1]: place of each node
//   "key_mask" [S, 1, 1, 2 L] float32: 0 for a node of the segment before (of the same graph) or of the
//     segment itself, else -1e9
//   "unit" [N], "unit_order" [N], "unit_offsets" [U + 1], "leaders" [U]: placement unit of each node, and its
//     first node; "unit_graph" [U], "graph_units" [G + 1]
//   "ops" [P], "op_graph" [P], "graph_ops" [G + 1]: nodes that take time
// and, where plans are given rather than drawn (fingerprints, tests; K plans of each graph):
//   "chosen_placement" [K, U], "chosen_schedule" [K, P], "chosen_fusion" [K, P]  columns,
//   "weight_placement" and so on, likewise, float32, "advantages" [K, G] float32

#include <cstdint>
#include <span>

#include "timetrial/batch.h"
#include "workloads/graph_optimizer/planned_graph.h"

namespace timetrial {

inline constexpr double kMaskedScore = -1e9;

struct ChosenGraph {
  const PlannedGraph* graph = nullptr;
  int64_t place = 0;  // in the workload's list
  uint64_t seed = 0;
};

Batch policy_batch(std::span<const ChosenGraph> chosen, int64_t segment_nodes);

// Of the plans of a graph in one step: drawn from (seed, epoch, graph) alone.
uint64_t plan_seed(uint64_t seed, int64_t epoch, int64_t graph);

}  // namespace timetrial
