#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "graph_builder.h"
#include "workloads/graph_optimizer/simulator/baselines/seeded_draws.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

struct LayeredGraphShape {
  uint32_t layers = 4;
  uint32_t width = 4;  // ops in a layer
  uint32_t largest_flops = 200;
  uint32_t largest_bytes = 100;
};

// A graph like that of a training step: every layer has a weight, ops that read it and ops of the layer
// before (now and then through a view, or one further back), some of them reductions or library kernels; at
// the end the weights' updates, each on its weight's device and reading what its layer computed.
inline CostGraph layered_graph(const LayeredGraphShape& shape, uint64_t seed) {
  SeededDraws draws(seed);
  CostGraphBuilder builder;
  const auto bytes = [&] { return static_cast<int64_t>(1 + draws.below(shape.largest_bytes)); };
  const auto op = [&](std::vector<NodeId> operands, int32_t group) {
    const auto flops = static_cast<int64_t>(1 + draws.below(shape.largest_flops));
    return builder.op(flops, bytes(), std::move(operands), group);
  };
  const auto any = [&](const std::vector<NodeId>& of) {
    return of[draws.below(static_cast<uint32_t>(of.size()))];
  };
  std::vector<NodeId> weights, earlier = {builder.parameter(bytes())}, before = earlier;
  std::vector<std::vector<NodeId>> layers;
  for (uint32_t layer = 0; layer < shape.layers; ++layer) {
    weights.push_back(builder.parameter(bytes(), static_cast<int32_t>(layer)));
    std::vector<NodeId> now;
    for (uint32_t i = 0; i < shape.width; ++i) {
      std::vector<NodeId> operands = {any(before)};
      if (draws.below(2) == 0) operands.push_back(any(before));
      if (draws.below(4) == 0) operands.push_back(any(earlier));
      if (draws.below(3) == 0) operands.push_back(weights.back());
      if (draws.below(4) == 0) operands[0] = builder.view(1 + draws.below(shape.largest_bytes), operands[0]);
      now.push_back(op(operands, kUnbound));
      CostNode& node = builder.graph.nodes[now.back()];
      node.layer = static_cast<int32_t>(layer);
      if (draws.below(5) == 0) node.kind = NodeKind::reduce;
      node.fusible = draws.below(6) != 0;
    }
    earlier.insert(earlier.end(), now.begin(), now.end());
    layers.push_back(now);
    before = now;
  }
  for (uint32_t layer = shape.layers; layer-- > 0;)
    op({weights[layer], any(layers[layer]), any(layers.back())}, static_cast<int32_t>(layer));
  for (CostNode& node : builder.graph.nodes)
    if (node.colocation != kUnbound) node.layer = node.colocation;
  return builder.graph;
}

// Any plan at all for a graph of `nodes` nodes.
inline Plan any_plan(uint32_t nodes, uint32_t devices, uint64_t seed) {
  SeededDraws draws(seed);
  Plan plan;
  for (uint32_t id = 0; id < nodes; ++id) {
    plan.device.push_back(draws.below(devices));
    plan.schedule_level.push_back(static_cast<int32_t>(draws.below(4)));
    plan.fusion_level.push_back(static_cast<int32_t>(draws.below(4)) - 1);
  }
  return plan;
}

}  // namespace timetrial
