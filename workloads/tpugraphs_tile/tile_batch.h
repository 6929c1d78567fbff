#pragma once

// Kernels of a batch, one after the other, each with the same number of configurations.
//
// Tensors of a batch (N nodes, E edges in both directions, G kernels, C configurations of each; int64 but for
// what is said to be other):
//   "inputs"         [N, 140] float32    features      "opcodes"  [N]             operations
//   "configurations" [G, C, 24] float32  tile sizes    "targets"  [G, C] float32  times over that of the
//   default "senders"        [E]  a neighbour of the receiver  "receivers" [E]            sorted
//   "node_kernel"    [N]  kernel of each node
// and what follows from these, so that no step has to sort: "node_offsets" [G + 1], "sender_order" [E],
// "sender_offsets" [N + 1], "receiver_offsets" [N + 1], as in segments.h.

#include <cstdint>
#include <span>
#include <vector>

#include "timetrial/batch.h"
#include "workloads/tpugraphs_tile/kernel_file.h"

namespace timetrial {

// A kernel and which of its configurations: as many of every kernel.
struct ChosenConfigurations {
  const MeasuredKernel* kernel = nullptr;
  std::vector<uint32_t> configurations;
};

Batch tile_batch(std::span<const ChosenConfigurations> chosen);

}  // namespace timetrial
