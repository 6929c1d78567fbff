#include "workloads/graph_export/colocation.h"

namespace timetrial {
namespace {

// The one group among the operands that have one; kNoGroup for none or several.
int32_t common_group(const ExportedGraph& exported, const GraphNode& node) {
  int32_t group = kNoGroup;
  for (const int32_t operand : node.operands) {
    const int32_t other = exported.colocation_group[static_cast<size_t>(operand)];
    if (other == kNoGroup || other == group) continue;
    if (group != kNoGroup) return kNoGroup;
    group = other;
  }
  return group;
}

}  // namespace

void assign_colocation(ExportedGraph& exported, const std::vector<std::pair<int32_t, int32_t>>& seeds) {
  const auto& nodes = exported.graph.nodes;
  std::vector<int32_t> layer_of_group(exported.weights.size(), kNoLayer);
  for (const auto& [seed, group] : seeds) {
    auto id = static_cast<size_t>(seed);
    exported.colocation_group[id] = group;
    if (nodes[id].opcode == Opcode::parameter && exported.layer[id] != kNoLayer) {
      layer_of_group[static_cast<size_t>(group)] = exported.layer[id];
    }
    // An element of a tuple may lie beside those of other groups.
    while (exported.is_view[id] && nodes[id].opcode != Opcode::get_tuple_element) {
      id = static_cast<size_t>(nodes[id].operands.front());
      if (nodes[id].opcode == Opcode::parameter) break;
      exported.colocation_group[id] = group;
    }
  }
  for (size_t id = 0; id < nodes.size(); ++id) {
    if (exported.phase[id] != TrainingPhase::update) continue;
    int32_t& group = exported.colocation_group[id];
    if (group == kNoGroup) group = common_group(exported, nodes[id]);
    if (group != kNoGroup) exported.layer[id] = layer_of_group[static_cast<size_t>(group)];
  }
}

}  // namespace timetrial
