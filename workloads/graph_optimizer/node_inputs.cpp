#include "workloads/graph_optimizer/node_inputs.h"

#include <algorithm>
#include <cmath>

#include "workloads/graph_optimizer/simulator/op_cost.h"

namespace timetrial {
namespace {

float log_size(int64_t value) {
  constexpr double kScale = 20;
  return static_cast<float>(std::log1p(static_cast<double>(value)) / kScale);
}

float log_count(size_t count) {
  constexpr double kScale = 4;
  return static_cast<float>(std::log2(1 + static_cast<double>(count)) / kScale);
}

double part_of(double part, double whole) {
  return whole > 0 ? part / whole : 0;
}

float root_part(double part, double whole) {
  return static_cast<float>(std::sqrt(part_of(part, whole)));
}

// In time, of every node; views and parameters take none.
struct NodeTimes {
  NodeTimes(const OptimizerGraph& graph, const Dataflow& flow)
      : own(flow.size()), before(flow.size()), from_start(flow.size()), to_end(flow.size()) {
    const auto& nodes = graph.graph.nodes;
    for (const NodeId op : flow.ops())
      own[op] = static_cast<double>(kernel_ps(graph.machine, flow.op_cost(op)));
    for (size_t id = 0; id < nodes.size(); ++id) {
      before[id] = total;
      total += own[id];
      for (const NodeId operand : nodes[id].operands)
        from_start[id] = std::max(from_start[id], from_start[operand]);
      from_start[id] += own[id];
      longest = std::max(longest, from_start[id]);
    }
    for (size_t id = nodes.size(); id-- > 0;) {
      to_end[id] += own[id];
      for (const NodeId operand : nodes[id].operands) to_end[operand] = std::max(to_end[operand], to_end[id]);
    }
  }

  std::vector<double> own, before, from_start, to_end;
  double total = 0, longest = 0;
};

std::vector<int64_t> unit_bytes(const Dataflow& flow) {
  std::vector<int64_t> bytes(flow.units().count());
  for (NodeId id = 0; id < flow.size(); ++id) bytes[flow.units().unit_of[id]] += flow.node(id).resident_bytes;
  return bytes;
}

}  // namespace

std::vector<NodeInputs> node_inputs(const OptimizerGraph& graph, const Dataflow& flow) {
  const auto& nodes = graph.graph.nodes;
  const NodeTimes times(graph, flow);
  const std::vector<int64_t> resident = unit_bytes(flow);
  const auto memory = static_cast<double>(graph.machine.memory_bytes);
  const double last = std::max<double>(1, static_cast<double>(nodes.size()) - 1);
  std::vector<size_t> consumers(nodes.size());
  for (const CostNode& node : nodes)
    for (const NodeId operand : node.operands) ++consumers[operand];
  std::vector<NodeInputs> inputs(nodes.size());
  for (size_t id = 0; id < nodes.size(); ++id) {
    const CostNode& node = nodes[id];
    const uint32_t unit = flow.units().unit_of[id];
    const NodeId anchor = flow.units().anchor[unit];
    NodeInputs& row = inputs[id];
    row[0] = log_size(node.flops);
    row[1] = log_size(node.output_bytes);
    row[2] = log_size(node.resident_bytes);
    row[3] = log_count(node.operands.size());
    row[4] = log_count(consumers[id]);
    row[5] = static_cast<float>(static_cast<double>(id) / last);
    row[6] = static_cast<float>(static_cast<double>(anchor) / last);
    row[7] = static_cast<float>(part_of(times.before[id], times.total));
    row[8] = root_part(times.own[id], times.total);
    row[9] = static_cast<float>(part_of(times.from_start[id], times.longest));
    row[10] = static_cast<float>(part_of(times.to_end[id], times.longest));
    row[11] = root_part(static_cast<double>(node.output_bytes), memory);
    row[12] = root_part(static_cast<double>(resident[unit]), memory);
    row[13 + static_cast<size_t>(node.kind)] = 1;
    row[17] = node.fusible ? 1 : 0;
    row[18] = node.colocation != kUnbound ? 1 : 0;
    row[19] = static_cast<float>(graph.machine.devices - 1) / 3;
    row[20] = static_cast<float>(graph.shapes[id].rank) / 6;
    for (size_t i = 0; i < kListedDimensions; ++i) row[21 + i] = log_size(graph.shapes[id].dimensions[i]);
    row[27] = static_cast<float>(part_of(times.before[anchor], times.total));
  }
  return inputs;
}

}  // namespace timetrial
