#pragma once

#include <cstdint>

#include "workloads/graph_optimizer/simulator/baselines/plan_space.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {

struct SearchedPlan {
  Plan plan;
  SimulationResult result;  // what the simulator says of it
  uint64_t calls = 0;       // of the simulator
};

// The best (merit) of `base` and of plans drawn from the space with `seed`: `calls` (>= 1) plans in all, each
// simulated once. The control of a policy that used as many simulations.
SearchedPlan random_search(Simulator& simulator, const PlanSpace& space, const Plan& base, uint64_t calls,
                           uint64_t seed);

}  // namespace timetrial
