#include "workloads/graph_optimizer/simulator/cost_graph.h"

#include <limits>
#include <stdexcept>

namespace timetrial {
namespace {

// What is wrong with one node by itself; empty: nothing.
std::string fault(const CostNode& node, NodeId id) {
  for (const NodeId operand : node.operands)
    if (operand >= id)
      return "reads node " + std::to_string(operand) +
             ", which does not come before it: nodes must be in topological order";
  if (node.flops < 0 || node.output_bytes < 0 || node.resident_bytes < 0)
    return "has a negative number of flops or bytes";
  if (node.colocation < kUnbound || node.layer < kOutsideLayers) return "has a group or layer below -1";
  if (node.kind == NodeKind::view) {
    if (node.operands.size() != 1)
      return "is a view of " + std::to_string(node.operands.size()) + " nodes, not of one";
    if (node.flops != 0 || node.resident_bytes != 0) return "is a view, but has flops or memory of its own";
  }
  if (node.kind == NodeKind::parameter) {
    if (!node.operands.empty()) return "is a parameter, but has operands";
    if (node.flops != 0) return "is a parameter, but has flops";
    if (node.resident_bytes < node.output_bytes)
      return "is a parameter of " + std::to_string(node.output_bytes) + " bytes, of which only " +
             std::to_string(node.resident_bytes) + " are resident";
  }
  return {};
}

// Adds without overflow: false when the sum would be above `most`.
bool add_up_to(int64_t& sum, int64_t value, int64_t most) {
  if (value > most - sum) return false;
  sum += value;
  return true;
}

}  // namespace

void validate(const CostGraph& graph) {
  const auto refuse = [&graph](const std::string& why) {
    throw std::logic_error("graph '" + graph.name + "' " + why);
  };
  if (graph.nodes.size() > std::numeric_limits<int32_t>::max()) refuse("has too many nodes");
  int64_t bytes = 0, flops = 0;
  for (NodeId id = 0; id < graph.nodes.size(); ++id) {
    const CostNode& node = graph.nodes[id];
    const auto refuse_node = [&](const std::string& why) {
      refuse("node " + std::to_string(id) + " '" + node.name + "' " + why);
    };
    if (const std::string why = fault(node, id); !why.empty()) refuse_node(why);
    if (!add_up_to(bytes, node.output_bytes, kMostGraphBytes) ||
        !add_up_to(bytes, node.resident_bytes, kMostGraphBytes))
      refuse_node("brings the graph above " + std::to_string(kMostGraphBytes) + " bytes");
    if (!add_up_to(flops, node.flops, kMostGraphFlops))
      refuse_node("brings the graph above " + std::to_string(kMostGraphFlops) + " flops");
  }
}

}  // namespace timetrial
