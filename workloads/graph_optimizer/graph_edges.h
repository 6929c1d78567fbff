#pragma once

#include "timetrial/batch.h"
#include "workloads/layers/segments.h"

namespace timetrial {

// The edges of a batch (policy_batch.h), looked at from both ends.
struct GraphEdges {
  Segments operands;     // edges in the order of their consumers -> the operand of each
  Segments consumers;    // edges in the order of their operands -> the consumer of each
  Segments by_consumer;  // rows as those of `operands` -> nodes
  Segments by_operand;   // rows as those of `consumers` -> nodes
};
GraphEdges graph_edges(const Batch& batch);

}  // namespace timetrial
