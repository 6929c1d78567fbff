#pragma once

#include <span>
#include <vector>

#include "workloads/graph_optimizer/simulator/cost_graph.h"
#include "workloads/graph_optimizer/simulator/node_lists.h"
#include "workloads/graph_optimizer/simulator/op_cost.h"
#include "workloads/graph_optimizer/simulator/placement_units.h"

namespace timetrial {

// A graph with its views resolved: which nodes take time ("ops"), whose memory each reads and who reads
// whose. "The tensor t" is the memory that node t, an op or a parameter, writes or is. Immutable; any number
// of threads.
class Dataflow {
 public:
  // Throws what validate(graph) throws.
  explicit Dataflow(CostGraph graph);

  const CostGraph& graph() const { return graph_; }
  const CostNode& node(NodeId id) const { return graph_.nodes[id]; }
  NodeId size() const { return static_cast<NodeId>(graph_.nodes.size()); }
  // What simulations ask for all the time, kept apart from the nodes so that it stays in the cache.
  bool is_op(NodeId id) const { return is_op_[id]; }
  int64_t output_bytes(NodeId id) const { return output_bytes_[id]; }
  // Of an op by itself: its flops; the bytes of its distinct operands and of its output.
  const KernelCost& op_cost(NodeId op) const { return op_costs_[op]; }

  std::span<const NodeId> ops() const { return ops_; }                // ascending
  std::span<const NodeId> parameters() const { return parameters_; }  // ascending

  // The tensor that holds what node `id` puts out: its own, for a view that of what it is a view of.
  NodeId tensor_of(NodeId id) const { return tensor_of_[id]; }
  // Distinct operands of an op as it names them (views among them), ascending: what it moves is their size.
  std::span<const NodeId> reads(NodeId op) const { return reads_[op]; }
  // Distinct tensors that an op reads, ascending: what must be on its device, as a whole.
  std::span<const NodeId> inputs(NodeId op) const { return inputs_[op]; }
  // Ops that read a tensor, ascending.
  std::span<const NodeId> consumers(NodeId tensor) const { return consumers_[tensor]; }

  const PlacementUnits& units() const { return units_; }

 private:
  CostGraph graph_;
  std::vector<NodeId> ops_, parameters_;
  std::vector<NodeId> tensor_of_;
  std::vector<bool> is_op_;
  std::vector<int64_t> output_bytes_;
  std::vector<KernelCost> op_costs_;
  NodeLists reads_, inputs_, consumers_;
  PlacementUnits units_;
};

}  // namespace timetrial
