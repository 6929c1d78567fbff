#pragma once

#include <cstdint>
#include <vector>

#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/placement_units.h"

namespace timetrial {

inline constexpr int32_t kNeverFuse = -1;

// What an optimizer decides about a graph: three numbers a node, as in GO (arXiv 2010.12438): placement,
// order of execution, fusion. They take effect in this order: placement, fusion, schedule of what fusion
// left. A list is empty (its default holds for every node) or has one number for every node.
struct Plan {
  // Default: device 0. The first node of a placement unit decides for the whole unit, the others are not
  // looked at.
  std::vector<uint32_t> device;
  // Among kernels that could start on a device the one of the lowest level starts; of equal levels the one
  // that has been ready for longest, then the one of the lowest id. Default: 0, so that the queue is first
  // in, first out. A fused kernel has the level of its last node, the one that writes its output.
  std::vector<int32_t> schedule_level;
  // Whether and when fusing the node into its consumers is tried: nodes of the lowest level first, of equal
  // levels the lowest id. Default: kNeverFuse (as any negative number).
  std::vector<int32_t> fusion_level;
};

// Throws std::logic_error when a list has another length or a device does not exist.
void validate(const Plan& plan, size_t nodes, const Machine& machine);

// The device of every node, leaders of units deciding. Of a valid plan; `devices` keeps its memory.
void resolve_devices(const Plan& plan, const PlacementUnits& units, std::vector<uint32_t>& devices);

}  // namespace timetrial
