#include "workloads/computation_graph/computation_graph.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace timetrial {
namespace {

bool is_permutation_of_dimensions(const Shape& shape) {
  std::vector<int64_t> order = shape.minor_to_major;
  std::ranges::sort(order);
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] != static_cast<int64_t>(i)) return false;
  }
  return order.size() == shape.dimensions.size();
}

// What is wrong with a node, or nothing.
std::string fault_of(const GraphNode& node, size_t id) {
  for (const int32_t operand : node.operands) {
    if (operand < 0 || static_cast<size_t>(operand) >= id) {
      return "consumes node " + std::to_string(operand) + ", which does not precede it";
    }
  }
  if (std::ranges::any_of(node.output.dimensions, [](int64_t size) { return size < 0; })) {
    return "has a dimension of a negative size";
  }
  if (!is_permutation_of_dimensions(node.output)) return "has a layout that does not fit its dimensions";
  const bool is_tuple = node.output.type == ElementType::tuple;
  if (is_tuple && !node.output.dimensions.empty()) return "is a tuple with dimensions";
  if (!is_tuple && node.tuple_size != 0) return "has a tuple size, but is none";
  if (node.opcode != Opcode::parameter && node.parameter_number != 0)
    return "has a parameter number, but is none";
  if (node.opcode == Opcode::parameter && !node.operands.empty()) return "is a parameter that consumes";
  const bool is_convolution = node.opcode == Opcode::convolution;
  if (is_convolution != node.convolution.has_value())
    return "has dimension numbers, which only and every convolution has";
  if (is_convolution != (node.feature_group_count > 0) || is_convolution != (node.batch_group_count > 0)) {
    return "has group counts, which only and every convolution has";
  }
  if (node.opcode != Opcode::slice && !node.slice.empty()) return "has the limits of a slice, but is none";
  if (node.opcode != Opcode::pad && !node.edge_padding.empty()) return "has edge padding, but is no pad";
  if (node.opcode != Opcode::sort && node.is_stable) return "is stable, but no sort";
  return "";
}

}  // namespace

void validate(const ComputationGraph& graph) {
  bool has_root = graph.nodes.empty();
  for (size_t id = 0; id < graph.nodes.size(); ++id) {
    const GraphNode& node = graph.nodes[id];
    const std::string fault = fault_of(node, id);
    if (!fault.empty()) {
      throw std::logic_error("node " + std::to_string(id) + " (" + std::string(name_of(node.opcode)) + ") " +
                             fault);
    }
    has_root = has_root || node.is_root;
  }
  if (!has_root) throw std::logic_error("no node of the graph is a root");
}

}  // namespace timetrial
