#include "workloads/graph_optimizer/simulator/dataflow.h"

#include <algorithm>
#include <utility>

namespace timetrial {
namespace {

CostGraph validated(CostGraph graph) {
  validate(graph);
  return graph;
}

void add_sorted_row(NodeLists& lists, std::vector<NodeId>& row) {
  std::sort(row.begin(), row.end());
  row.erase(std::unique(row.begin(), row.end()), row.end());
  for (const NodeId id : row) lists.add(id);
  lists.end_row();
}

}  // namespace

Dataflow::Dataflow(CostGraph graph) : graph_(validated(std::move(graph))), units_(placement_units(graph_)) {
  std::vector<NodeId> reads, inputs;
  for (NodeId id = 0; id < size(); ++id) {
    const CostNode& node = graph_.nodes[id];
    tensor_of_.push_back(node.kind == NodeKind::view ? tensor_of_[node.operands.front()] : id);
    reads.clear();
    inputs.clear();
    if (takes_time(node)) {
      ops_.push_back(id);
      for (const NodeId operand : node.operands) {
        reads.push_back(operand);
        inputs.push_back(tensor_of_[operand]);
      }
    } else if (node.kind == NodeKind::parameter) {
      parameters_.push_back(id);
    }
    is_op_.push_back(takes_time(node));
    output_bytes_.push_back(node.output_bytes);
    add_sorted_row(reads_, reads);
    add_sorted_row(inputs_, inputs);
    op_costs_.push_back({node.flops, node.output_bytes});
    for (const NodeId read : reads) op_costs_.back().bytes += output_bytes_[read];
  }
  consumers_.assign_inverse(inputs_, size());
}

}  // namespace timetrial
