#pragma once

// How many floating-point operations a node is counted with where its shapes alone tell.

#include <cstdint>
#include <vector>

#include "workloads/computation_graph/computation_graph.h"

namespace timetrial {

// By output element: 8 for a transcendental function, 1 for any other arithmetic. A reduce counts the
// elements it reads, a reduce-window and a select-and-scatter every place of every window, a scatter its
// updates. No source gives numbers for these, which are our choice: a sort n log2 n, an fft 5 n log2 n, and
// for each element that is normalised batch-norm-training 8, batch-norm-grad 10. What only moves or makes
// data (copy, concatenate, gather, pad, slice, constant, iota, parameter, tuple …) counts 0. Dots and
// convolutions count 2 for each product: the shapes of their operands do not say how many, so here they throw
// std::logic_error. `operands`: the nodes that it consumes, in order.
int64_t operation_flops(const GraphNode& node, const std::vector<const GraphNode*>& operands);

}  // namespace timetrial
