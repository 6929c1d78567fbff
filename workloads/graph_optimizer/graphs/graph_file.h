#pragma once

// A graph of the data set as a .npz file, NAME.npz. Arrays, one row a node unless said otherwise:
//   "kind"            uint8 [nodes]            0 compute, 1 reduce, 2 view, 3 parameter
//   "opcode"          uint8 [nodes]            TpuGraphs' number of the operation
//   "fusible"         uint8 [nodes]            0 or 1
//   "flops", "output_bytes", "resident_bytes"  int64 [nodes]
//   "colocation"      int32 [nodes]            group, or -1
//   "layer"           int32 [nodes]            of the model, or -1
//   "all_device", "all_schedule", "all_fusion"          int32 [nodes]  heuristic plans (optimizer_graph.h);
//   "single_device", "single_schedule", "single_fusion" int32 [nodes]  fusion -1: never
//   "shape"           int64 [nodes, 8]         bytes of an element, rank, the first six dimensions
//   "operand_offsets" int32 [nodes + 1]        operands of node n: "operands"[offsets[n] .. offsets[n + 1])
//   "operands"        int32 [edges]            smaller than the node's own number
//   "machine"         int64 [7]                devices, flops a second, memory bytes a second, memory of a
//                                              device, launch (ps), link bytes a second, link latency (ps)
// The same graph gives the same bytes. Names of nodes are not kept: they become those of the operations.

#include <filesystem>
#include <vector>

#include "workloads/graph_optimizer/graphs/optimizer_graph.h"

namespace timetrial {

void write_graph_file(const OptimizerGraph& graph, const std::filesystem::path& file);

// Throws UserError for a damaged file and for one whose numbers are no valid graph, saying which.
OptimizerGraph read_graph_file(const std::filesystem::path& file);

// The graphs of a folder, by name. Throws UserError where there are none.
std::vector<OptimizerGraph> read_graph_folder(const std::filesystem::path& folder);

}  // namespace timetrial
