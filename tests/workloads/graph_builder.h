#pragma once

#include <string>
#include <utility>
#include <vector>

#include "workloads/graph_optimizer/simulator/cost_graph.h"
#include "workloads/graph_optimizer/simulator/machine.h"

namespace timetrial {

// Graphs of a few nodes, node after node. Each call gives the new node's id.
class CostGraphBuilder {
 public:
  NodeId parameter(int64_t bytes, int32_t group = kUnbound) {
    CostNode node;
    node.kind = NodeKind::parameter;
    node.output_bytes = node.resident_bytes = bytes;
    node.colocation = group;
    return add(std::move(node));
  }
  NodeId op(int64_t flops, int64_t bytes, std::vector<NodeId> operands, int32_t group = kUnbound) {
    CostNode node;
    node.operands = std::move(operands);
    node.flops = flops;
    node.output_bytes = bytes;
    node.colocation = group;
    return add(std::move(node));
  }
  NodeId reduce(int64_t flops, int64_t bytes, std::vector<NodeId> operands) {
    const NodeId id = op(flops, bytes, std::move(operands));
    graph.nodes[id].kind = NodeKind::reduce;
    return id;
  }
  NodeId view(int64_t bytes, NodeId operand) {
    const NodeId id = op(0, bytes, {operand});
    graph.nodes[id].kind = NodeKind::view;
    return id;
  }

  CostGraph graph{"test", {}};

 private:
  NodeId add(CostNode node) {
    const auto id = static_cast<NodeId>(graph.nodes.size());
    node.name = "node " + std::to_string(id);
    graph.nodes.push_back(std::move(node));
    return id;
  }
};

// Arithmetic without a calculator: 1 flop takes 1 ps; any number of bytes above 0 takes 1 ps, and the
// twentieth of that rounds up to 1 as well; launch is 9. So an op of F >= 1 flops and some bytes takes F + 10
// ps. A transfer of B bytes takes 5 + B ps.
inline Machine easy_machine(uint32_t devices) {
  Machine machine;
  machine.devices = devices;
  machine.peak_flops = kTicksPerSecond;
  machine.memory_bandwidth = int64_t{1} << 62;
  machine.memory_bytes = kUnlimitedMemory;
  machine.launch_ps = 9;
  machine.link_bandwidth = kTicksPerSecond;
  machine.link_latency_ps = 5;
  return machine;
}

}  // namespace timetrial
