#include "workloads/graph_optimizer/graphs/exported_conversion.h"

#include <algorithm>

namespace timetrial {
namespace {

bool is_library_kernel(Opcode opcode) {
  switch (opcode) {
    case Opcode::dot:
    case Opcode::convolution:
    case Opcode::batch_norm_grad:
    case Opcode::batch_norm_inference:
    case Opcode::batch_norm_training:
    case Opcode::fft:
    case Opcode::sort:
    case Opcode::scatter:
    case Opcode::reduce_window:
    case Opcode::select_and_scatter:
    case Opcode::rng:
    case Opcode::rng_bit_generator:
    case Opcode::custom_call:
      return true;
    default:
      return false;
  }
}

NodeKind kind_of(const ExportedGraph& exported, size_t id) {
  if (exported.is_view[id]) return NodeKind::view;
  const Opcode opcode = exported.graph.nodes[id].opcode;
  if (opcode == Opcode::parameter) return NodeKind::parameter;
  return opcode == Opcode::reduce ? NodeKind::reduce : NodeKind::compute;
}

CostNode cost_node(const ExportedGraph& exported, size_t id) {
  const GraphNode& node = exported.graph.nodes[id];
  CostNode cost;
  cost.name = exported.source[id];
  cost.kind = kind_of(exported, id);
  for (const int32_t operand : node.operands) cost.operands.push_back(static_cast<NodeId>(operand));
  cost.flops = exported.flops[id];
  cost.output_bytes = exported.output_bytes[id];
  if (cost.kind == NodeKind::parameter) cost.resident_bytes = cost.output_bytes;
  cost.colocation = exported.colocation_group[id];
  cost.layer = exported.layer[id];
  cost.fusible = !is_library_kernel(node.opcode);
  return cost;
}

OutputShape output_shape(const Shape& shape) {
  OutputShape output;
  output.element_bytes = bytes_of(shape.type);
  output.rank = static_cast<int64_t>(shape.dimensions.size());
  std::copy_n(shape.dimensions.begin(), std::min(shape.dimensions.size(), kListedDimensions),
              output.dimensions.begin());
  return output;
}

}  // namespace

OptimizerGraph graph_to_optimize(const std::string& name, const ExportedGraph& exported,
                                 const Machine& machine) {
  static_assert(kNoGroup == kUnbound && kNoLayer == kOutsideLayers);
  validate(exported);
  const ExportedGraph seen = without_views(exported);
  OptimizerGraph result;
  result.name = result.graph.name = name;
  result.machine = machine;
  for (size_t id = 0; id < seen.graph.nodes.size(); ++id) {
    result.graph.nodes.push_back(cost_node(seen, id));
    result.opcodes.push_back(seen.graph.nodes[id].opcode);
    result.shapes.push_back(output_shape(seen.graph.nodes[id].output));
  }
  const size_t nodes = seen.graph.nodes.size();
  result.single_tasks.device.assign(nodes, 0);
  result.single_tasks.schedule_level.assign(nodes, 0);
  result.single_tasks.fusion_level.assign(nodes, kNeverFuse);
  result.all_tasks = result.single_tasks;
  validate(result);
  return result;
}

}  // namespace timetrial
