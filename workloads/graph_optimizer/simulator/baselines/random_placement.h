#pragma once

#include <cstdint>

#include "workloads/graph_optimizer/simulator/plan.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {

// Every placement unit on a device of its own draw.
Plan random_placement(const PlacementUnits& units, const Machine& machine, uint64_t seed);

inline constexpr uint32_t kRandomPlacements = 10;

// Of the placements with seeds `seed`, `seed` + 1, ….
struct RandomMean {
  double makespan_ps = 0;  // mean over all of them, valid or not
  uint32_t valid = 0;      // how many fit into memory
  uint32_t placements = 0;
};
RandomMean random_mean(Simulator& simulator, uint64_t seed, uint32_t placements = kRandomPlacements);

}  // namespace timetrial
