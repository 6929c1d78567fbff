#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/graph_optimizer/simulator/cost_graph.h"
#include "workloads/graph_optimizer/simulator/node_lists.h"

namespace timetrial {

// The sets of nodes that must lie on one device: groups of colocation, and views with what they are views of.
// Every node is in one; most are alone. Numbered in the order of their first nodes.
struct PlacementUnits {
  std::vector<uint32_t> unit_of;  // of every node
  // The first node of every unit. Where a plan gives the nodes of a unit several devices, this one's counts.
  std::vector<NodeId> leader;
  // Where a unit stands in the topological order as far as placement goes: the first node that takes time and
  // is in it or reads from it. (A weight stands beside the operation that uses it first, wherever weights are
  // listed.) Its leader when there is none.
  std::vector<NodeId> anchor;
  NodeLists members;  // of every unit, ascending

  uint32_t count() const { return static_cast<uint32_t>(leader.size()); }
};

// Of a valid graph.
PlacementUnits placement_units(const CostGraph& graph);

// A device for every node from one for every unit.
std::vector<uint32_t> devices_of_nodes(const PlacementUnits& units,
                                       std::span<const uint32_t> devices_of_units);

}  // namespace timetrial
