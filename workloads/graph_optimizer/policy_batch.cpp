#include "workloads/graph_optimizer/policy_batch.h"

#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "harness/random/split_mix.h"
#include "workloads/graph_optimizer/plan_columns.h"
#include "workloads/layers/row_groups.h"

namespace timetrial {
namespace {

using Numbers = std::vector<int64_t>;

at::Tensor long_tensor(const Numbers& values) {
  return at::tensor(values, at::kLong);
}

// Index lists of all graphs, nodes numbered through the batch.
class BatchLists {
 public:
  explicit BatchLists(int64_t segment_nodes) : segment_nodes_(segment_nodes) {}

  void add(const ChosenGraph& chosen) {
    const PlannedGraph& planned = *chosen.graph;
    const int64_t graph = std::ssize(graphs_);
    const auto nodes = static_cast<int64_t>(planned.flow.size());
    graphs_.push_back(chosen.place);
    seeds_.push_back(static_cast<int64_t>(chosen.seed));
    devices_.push_back(planned.graph.machine.devices);
    targets_.push_back(static_cast<float>(1e-9 * static_cast<double>(planned.reference_ps)));
    node_counts_.push_back(nodes);
    add_nodes(planned);
    add_segments(nodes);
    add_decisions(planned, graph);
    add_start(planned);
    first_node_ += nodes;
  }

  Batch batch() const {
    Batch result;
    result.examples = std::ssize(graphs_);
    result.tensors["inputs"] =
        at::tensor(inputs_).view({first_node_, static_cast<int64_t>(kNodeInputs + kTimeInputs)});
    result.tensors["targets"] = at::tensor(targets_);
    const auto put = [&result](const std::string& name, const Numbers& values) {
      result.tensors[name] = long_tensor(values);
    };
    put("opcodes", opcodes_);
    put("start_placement", start_placement_);
    put("start_fusion", start_fusion_);
    put("start_schedule", start_schedule_);
    result.tensors["device_inputs"] =
        at::tensor(device_inputs_).view({first_node_, kPolicyDevices, static_cast<int64_t>(kDeviceInputs)});
    put("graph", graphs_);
    put("seeds", seeds_);
    put("devices", devices_);
    put("node_graph", group_of_each(node_counts_));
    put("node_offsets", offsets_of(node_counts_));
    put_edges(put);
    put_segments(result, put);
    put_decisions(put);
    return result;
  }

 private:
  void add_nodes(const PlannedGraph& planned) {
    for (size_t id = 0; id < planned.inputs.size(); ++id) {
      inputs_.insert(inputs_.end(), planned.inputs[id].begin(), planned.inputs[id].end());
      const TimeInputs& times = planned.start_inputs.times[id];
      inputs_.insert(inputs_.end(), times.begin(), times.end());
      for (const auto& device : planned.start_inputs.devices[id])
        device_inputs_.insert(device_inputs_.end(), device.begin(), device.end());
      opcodes_.push_back(static_cast<int64_t>(planned.graph.opcodes[id]));
      for (const NodeId operand : planned.graph.graph.nodes[id].operands) {
        operand_of_edge_.push_back(first_node_ + operand);
        consumer_.push_back(first_node_ + static_cast<int64_t>(id));
      }
    }
  }

  void add_segments(int64_t nodes) {
    const int64_t segments = (nodes + segment_nodes_ - 1) / segment_nodes_;
    for (int64_t segment = 0; segment < segments; ++segment) {
      const int64_t first = segment * segment_nodes_;
      const int64_t own = std::min(segment_nodes_, nodes - first);
      for (int64_t i = 0; i < segment_nodes_; ++i) {
        if (i < own) node_slot_.push_back(std::ssize(slot_node_));
        slot_node_.push_back(i < own ? first_node_ + first + i : -1);
      }
      has_previous_.push_back(segment > 0);
      own_nodes_.push_back(own);
    }
  }

  void add_decisions(const PlannedGraph& planned, int64_t graph) {
    const PlacementUnits& units = planned.flow.units();
    const int64_t first_unit = std::ssize(leaders_);
    for (const uint32_t unit : units.unit_of) unit_.push_back(first_unit + unit);
    for (const NodeId leader : units.leader) leaders_.push_back(first_node_ + leader);
    for (const NodeId op : planned.flow.ops()) ops_.push_back(first_node_ + op);
    unit_graph_.resize(leaders_.size(), graph);
    op_graph_.resize(ops_.size(), graph);
  }

  // Columns of all nodes; rows of the tasks know theirs.
  void add_start(const PlannedGraph& planned) {
    const auto nodes = first_node_ + static_cast<int64_t>(planned.flow.size());
    start_placement_.insert(start_placement_.end(), planned.start.device.begin(), planned.start.device.end());
    for (auto [task, columns] :
         {std::pair{GraphTask::fusion, &start_fusion_}, {GraphTask::schedule, &start_schedule_}}) {
      columns->resize(static_cast<size_t>(nodes));
      const std::vector<int64_t> of_ops = start_columns(planned, task);
      for (size_t i = 0; i < of_ops.size(); ++i)
        (*columns)[static_cast<size_t>(first_node_) + planned.flow.ops()[i]] = of_ops[i];
    }
  }

  template <typename Put>
  void put_edges(const Put& put) const {
    const Numbers by_operand = group_offsets(operand_of_edge_, first_node_);
    const Numbers order = places_by_group(operand_of_edge_, by_operand);
    Numbers consumer_of_edge;
    for (const int64_t place : order) consumer_of_edge.push_back(consumer_[static_cast<size_t>(place)]);
    const Numbers by_consumer = group_offsets(consumer_, first_node_);
    Numbers operand_of_consumer_edge;
    for (const int64_t place : order)
      operand_of_consumer_edge.push_back(operand_of_edge_[static_cast<size_t>(place)]);
    put("consumer_of_operand_edge", consumer_);
    put("operand_of_consumer_edge", operand_of_consumer_edge);
    put("operand_of_edge", operand_of_edge_);
    put("operand_order", order);
    put("operand_edges", by_operand);
    put("consumer_of_edge", consumer_of_edge);
    put("consumer_order", places_by_group(consumer_of_edge, by_consumer));
    put("consumer_edges", by_consumer);
  }

  template <typename Put>
  void put_segments(Batch& result, const Put& put) const {
    Numbers slot_node = slot_node_;
    for (int64_t& node : slot_node)
      if (node < 0) node = first_node_;
    const Numbers offsets = group_offsets(slot_node, first_node_ + 1);
    put("slot_node", slot_node);
    put("slot_order", places_by_group(slot_node, offsets));
    put("slot_offsets", offsets);
    put("node_slot", node_slot_);
    put("node_slot_offsets", group_offsets(node_slot_, std::ssize(slot_node)));
    result.tensors["key_mask"] = key_mask();
  }

  at::Tensor key_mask() const {
    const int64_t segments = std::ssize(own_nodes_);
    at::Tensor mask = at::zeros({segments, 1, 1, 2 * segment_nodes_});
    for (int64_t s = 0; s < segments; ++s) {
      const int64_t own = own_nodes_[static_cast<size_t>(s)];
      if (!has_previous_[static_cast<size_t>(s)]) mask[s].narrow(2, 0, segment_nodes_).fill_(kMaskedScore);
      if (own < segment_nodes_)
        mask[s].narrow(2, segment_nodes_ + own, segment_nodes_ - own).fill_(kMaskedScore);
    }
    return mask;
  }

  template <typename Put>
  void put_decisions(const Put& put) const {
    const Numbers unit_offsets = group_offsets(unit_, std::ssize(leaders_));
    put("unit", unit_);
    put("unit_order", places_by_group(unit_, unit_offsets));
    put("unit_offsets", unit_offsets);
    put("leaders", leaders_);
    put("unit_graph", unit_graph_);
    put("graph_units", group_offsets(unit_graph_, std::ssize(graphs_)));
    put("ops", ops_);
    put("op_graph", op_graph_);
    put("graph_ops", group_offsets(op_graph_, std::ssize(graphs_)));
  }

  int64_t segment_nodes_;
  int64_t first_node_ = 0;  // of the next graph
  std::vector<float> inputs_, device_inputs_, targets_;
  Numbers opcodes_, start_placement_, start_fusion_, start_schedule_, graphs_, seeds_, devices_, node_counts_;
  Numbers operand_of_edge_, consumer_;  // in the order of consumers
  Numbers slot_node_, node_slot_, own_nodes_;
  std::vector<bool> has_previous_;
  Numbers unit_, leaders_, unit_graph_, ops_, op_graph_;
};

}  // namespace

Batch policy_batch(std::span<const ChosenGraph> chosen, int64_t segment_nodes) {
  BatchLists lists(segment_nodes);
  for (const ChosenGraph& graph : chosen) lists.add(graph);
  return lists.batch();
}

uint64_t plan_seed(uint64_t seed, int64_t epoch, int64_t graph) {
  uint64_t bits = split_mix_bits(seed + kSplitMixIncrement);
  bits = split_mix_bits(bits + static_cast<uint64_t>(epoch) + kSplitMixIncrement);
  return split_mix_bits(bits + static_cast<uint64_t>(graph) + kSplitMixIncrement);
}

}  // namespace timetrial
