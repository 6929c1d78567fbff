#pragma once

// Exported graphs as text, for tests to compare.

#include <sstream>
#include <string>
#include <vector>

#include "workloads/computation_graph/exported_graph.h"

namespace timetrial {

inline std::string joined(const std::vector<int64_t>& numbers) {
  std::ostringstream text;
  for (size_t i = 0; i < numbers.size(); ++i) text << (i == 0 ? "" : ",") << numbers[i];
  return text.str();
}

// "7 add(5,6) f32[2,4] flops 8 forward layer first": what is 0, empty or none is left out.
inline std::string line_of(const ExportedGraph& exported, size_t id) {
  constexpr const char* kPhases[] = {"forward", "backward", "update"};
  const GraphNode& node = exported.graph.nodes[id];
  std::ostringstream text;
  text << id << " " << name_of(node.opcode) << "(" << joined({node.operands.begin(), node.operands.end()})
       << ") " << name_of(node.output.type) << "[" << joined(node.output.dimensions) << "]";
  if (!node.dimensions.empty()) text << " dims " << joined(node.dimensions);
  if (!node.slice.empty()) {
    std::vector<int64_t> starts;
    std::vector<int64_t> limits;
    for (const SliceDimension& slice : node.slice) {
      starts.push_back(slice.start);
      limits.push_back(slice.limit);
    }
    text << " from " << joined(starts) << " to " << joined(limits);
  }
  if (exported.flops[id] != 0) text << " flops " << exported.flops[id];
  if (exported.is_view[id]) text << " view";
  text << " " << kPhases[static_cast<int>(exported.phase[id])];
  const int32_t group = exported.colocation_group[id];
  const int32_t layer = exported.layer[id];
  if (group != kNoGroup) text << " group " << exported.weights[static_cast<size_t>(group)];
  if (layer != kNoLayer) text << " layer " << exported.layers[static_cast<size_t>(layer)];
  if (node.is_root) text << " root";
  return text.str();
}

inline std::vector<std::string> lines_of(const ExportedGraph& exported) {
  std::vector<std::string> lines;
  for (size_t id = 0; id < exported.graph.nodes.size(); ++id) lines.push_back(line_of(exported, id));
  return lines;
}

inline std::vector<int32_t> nodes_of(const ExportedGraph& exported, Opcode opcode) {
  std::vector<int32_t> found;
  for (size_t id = 0; id < exported.graph.nodes.size(); ++id) {
    if (exported.graph.nodes[id].opcode == opcode) found.push_back(static_cast<int32_t>(id));
  }
  return found;
}

}  // namespace timetrial
