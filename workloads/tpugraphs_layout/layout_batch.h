#pragma once

// Programs of a batch, one after the other, each with the same number of configurations. A program is there
// as one or more pieces, ranges of its nodes: the whole of it, or segments. Edges between pieces are left
// out.
//
// Tensors of a batch (G programs, P pieces, N nodes, E edges in both directions, K configurable nodes, C
// configurations of each program; int64 but for what is said to be other):
//   "inputs"  [N, 140] float32    features     "opcodes"      [N]  operations
//   "layouts" [K, C, 18] int8     -1 … 5       "configurable" [K]  the nodes they are of, rising
//   "targets" [G, C] float32      times over the mean of the program's
//   "degrees" [N, 1] float32      edges that end in a node, and 1 for the node itself
//   "senders" [E]  a neighbour of the receiver "receivers"    [E]  sorted
//   "node_piece" [N], "configurable_piece" [K], "piece_program" [P]: what each belongs to, rising
// and what follows from these, so that no step has to sort: "node_offsets" and "configurable_offsets" [P +
// 1], "piece_offsets" [G + 1], "sender_order" [E], "sender_offsets" and "receiver_offsets" [N + 1], as in
// segments.h.

#include <cstdint>
#include <span>
#include <vector>

#include "timetrial/batch.h"
#include "workloads/tpugraphs_layout/layout_file.h"
#include "workloads/tpugraphs_layout/node_ranges.h"

namespace timetrial {

struct ChosenProgram {
  const MeasuredProgram* program = nullptr;
  std::vector<uint32_t> configurations;  // as many of every program
  std::vector<NodeRange> pieces;         // rising, at least one
};

Batch layout_batch(std::span<const ChosenProgram> chosen);

}  // namespace timetrial
