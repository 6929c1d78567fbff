#pragma once

// Runs a graph of the layout collection with the layouts of a configuration.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_graph.h"

namespace timetrial {

// Dimensions in the order of their strides, largest first, and what undoes the reordering.
struct DimensionOrder {
  std::vector<int64_t> major_to_minor;
  std::vector<int64_t> inverse;
};

// The same values, lying in memory in that order: a copy where they do not yet.
at::Tensor in_order(const at::Tensor& values, const DimensionOrder& order);

// What a configuration asks of each node of a graph; made before the clock runs.
struct LayoutPlan {
  struct Node {
    std::optional<DimensionOrder> output, input, kernel;
  };
  std::vector<Node> nodes;  // one a node of the graph
};

// `configuration`: one for every configurable node, in their order. What is all -1 stays as LibTorch makes
// it, row-major where all that goes into it is. Throws std::logic_error for what is no order of a tensor's
// dimensions.
LayoutPlan layout_plan(const LayoutGraph& graph, std::span<const LayoutConfiguration> configuration);

class LayoutReplay {
 public:
  // The graph outlives this.
  explicit LayoutReplay(const LayoutGraph& graph);

  // Calls node after node, the configurable ones with their first operand (input), second operand (kernel)
  // and result (output) in the order that the plan names. Every tensor goes when nothing needs it any more.
  // Returns the root's.
  at::Tensor run(const LayoutPlan& plan);

 private:
  const LayoutGraph* graph_;
  std::vector<std::vector<int32_t>> last_uses_;  // of each node: the operands that nothing needs after it
  int32_t root_ = 0;
};

}  // namespace timetrial
