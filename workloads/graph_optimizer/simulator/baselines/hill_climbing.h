#pragma once

#include "workloads/graph_optimizer/simulator/baselines/random_search.h"

namespace timetrial {

// From `start`, one decision changed at a time; a change that is no worse (merit) stays. `calls` (>= 1)
// simulations, the start's among them. The control of a policy that used as many.
SearchedPlan hill_climbing(Simulator& simulator, const PlanSpace& space, const Plan& start, uint64_t calls,
                           uint64_t seed);

}  // namespace timetrial
