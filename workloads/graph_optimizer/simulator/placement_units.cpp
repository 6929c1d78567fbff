#include "workloads/graph_optimizer/simulator/placement_units.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace timetrial {
namespace {

constexpr uint32_t kNoUnit = std::numeric_limits<uint32_t>::max();

// Sets of nodes that are merged one by one; each is known by its smallest node.
class MergedSets {
 public:
  explicit MergedSets(size_t nodes) : parent_(nodes) { std::iota(parent_.begin(), parent_.end(), NodeId{0}); }
  NodeId smallest(NodeId node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  void merge(NodeId first, NodeId second) {
    first = smallest(first);
    second = smallest(second);
    parent_[std::max(first, second)] = std::min(first, second);
  }

 private:
  std::vector<NodeId> parent_;
};

std::vector<NodeId> anchors(const CostGraph& graph, const PlacementUnits& units) {
  std::vector<NodeId> anchor = units.leader;
  std::vector<bool> known(units.count());
  const auto meet = [&](uint32_t unit, NodeId op) {
    if (!known[unit]) anchor[unit] = op;
    known[unit] = true;
  };
  for (NodeId id = 0; id < graph.nodes.size(); ++id) {
    if (!takes_time(graph.nodes[id])) continue;
    meet(units.unit_of[id], id);
    for (const NodeId operand : graph.nodes[id].operands) meet(units.unit_of[operand], id);
  }
  return anchor;
}

}  // namespace

PlacementUnits placement_units(const CostGraph& graph) {
  const auto nodes = static_cast<NodeId>(graph.nodes.size());
  MergedSets sets(nodes);
  std::map<int32_t, NodeId> first_of_group;
  for (NodeId id = 0; id < nodes; ++id) {
    const CostNode& node = graph.nodes[id];
    if (node.kind == NodeKind::view) sets.merge(id, node.operands.front());
    if (node.colocation != kUnbound)
      sets.merge(id, first_of_group.emplace(node.colocation, id).first->second);
  }
  PlacementUnits units;
  units.unit_of.assign(nodes, kNoUnit);
  for (NodeId id = 0; id < nodes; ++id) {
    const NodeId smallest = sets.smallest(id);
    if (smallest == id) {
      units.unit_of[id] = units.count();
      units.leader.push_back(id);
    } else {
      units.unit_of[id] = units.unit_of[smallest];
    }
  }
  NodeLists unit_of_rows;
  for (const uint32_t unit : units.unit_of) {
    unit_of_rows.add(unit);
    unit_of_rows.end_row();
  }
  units.members.assign_inverse(unit_of_rows, units.count());
  units.anchor = anchors(graph, units);
  return units;
}

std::vector<uint32_t> devices_of_nodes(const PlacementUnits& units,
                                       std::span<const uint32_t> devices_of_units) {
  std::vector<uint32_t> devices(units.unit_of.size());
  for (size_t id = 0; id < devices.size(); ++id) devices[id] = devices_of_units[units.unit_of[id]];
  return devices;
}

}  // namespace timetrial
