#include "workloads/computation_graph/exported_graph.h"

#include <stdexcept>
#include <utility>

namespace timetrial {
namespace {

// The nodes with kept[id], their operands renamed: an operand that is left out is stood for by
// stand_in[operand], which is kept.
ExportedGraph part(const ExportedGraph& from, const std::vector<bool>& kept,
                   const std::vector<int32_t>& stand_in) {
  ExportedGraph to;
  to.weights = from.weights;
  to.layers = from.layers;
  std::vector<int32_t> new_id(kept.size(), -1);
  int64_t parameters = 0;
  for (size_t id = 0; id < kept.size(); ++id) {
    if (!kept[id]) continue;
    new_id[id] = static_cast<int32_t>(to.graph.nodes.size());
    GraphNode node = from.graph.nodes[id];
    for (int32_t& operand : node.operands) {
      operand = new_id[static_cast<size_t>(stand_in[static_cast<size_t>(operand)])];
    }
    if (node.opcode == Opcode::parameter) node.parameter_number = parameters++;
    to.graph.nodes.push_back(std::move(node));
    to.flops.push_back(from.flops[id]);
    to.output_bytes.push_back(from.output_bytes[id]);
    to.is_view.push_back(from.is_view[id]);
    to.phase.push_back(from.phase[id]);
    to.colocation_group.push_back(from.colocation_group[id]);
    to.layer.push_back(from.layer[id]);
    to.source.push_back(from.source[id]);
  }
  return to;
}

}  // namespace

int64_t total_flops(const ExportedGraph& exported, TrainingPhase phase) {
  int64_t total = 0;
  for (size_t id = 0; id < exported.flops.size(); ++id) {
    if (exported.phase[id] == phase) total += exported.flops[id];
  }
  return total;
}

void validate(const ExportedGraph& exported) {
  validate(exported.graph);
  const size_t nodes = exported.graph.nodes.size();
  for (const size_t size :
       {exported.flops.size(), exported.output_bytes.size(), exported.is_view.size(), exported.phase.size(),
        exported.colocation_group.size(), exported.layer.size(), exported.source.size()}) {
    if (size != nodes) throw std::logic_error("an exported graph has entries for other nodes than its own");
  }
  const auto within = [](int32_t index, size_t size) {
    return index >= -1 && index < static_cast<int32_t>(size);
  };
  for (size_t id = 0; id < nodes; ++id) {
    if (!within(exported.colocation_group[id], exported.weights.size()) ||
        !within(exported.layer[id], exported.layers.size())) {
      throw std::logic_error("node " + std::to_string(id) + " is of a group or layer that there is not");
    }
  }
}

ExportedGraph live_part(const ExportedGraph& exported) {
  const auto& nodes = exported.graph.nodes;
  std::vector<bool> live(nodes.size(), false);
  std::vector<int32_t> same(nodes.size());
  for (size_t id = nodes.size(); id-- > 0;) {
    same[id] = static_cast<int32_t>(id);
    live[id] = live[id] || nodes[id].is_root;
    if (!live[id]) continue;
    for (const int32_t operand : nodes[id].operands) live[static_cast<size_t>(operand)] = true;
  }
  return part(exported, live, same);
}

ExportedGraph without_views(const ExportedGraph& exported) {
  const auto& nodes = exported.graph.nodes;
  std::vector<bool> kept(nodes.size());
  std::vector<int32_t> shown(nodes.size());
  for (size_t id = 0; id < nodes.size(); ++id) {
    kept[id] = !exported.is_view[id] || nodes[id].is_root || nodes[id].opcode == Opcode::get_tuple_element;
    shown[id] = kept[id] ? static_cast<int32_t>(id) : shown[static_cast<size_t>(nodes[id].operands.front())];
  }
  return part(exported, kept, shown);
}

}  // namespace timetrial
