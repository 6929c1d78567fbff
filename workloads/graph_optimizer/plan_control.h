#pragma once

// What searches find with as many simulations as a policy's training took: the control of what is learned.

#include <cstdint>
#include <string>
#include <vector>

#include "workloads/graph_optimizer/planned_graph.h"

namespace timetrial {

// Costs over the best heuristic's time, as the metric of the workload takes them (plan_judge.h).
struct PlanControl {
  std::string graph;
  double one_device = 0;
  double random_mean = 0;          // of ten random plans
  double random_search = 0;        // the rest: the best of `calls` plans
  double climbing = 0;             // from one device, without any heuristic
  double climbing_from_start = 0;  // from where the policy starts, with the decisions that it has
};

// Of a graph under a variant (decided_tasks.h), each search with `calls` (>= 1) simulations.
PlanControl plan_control(const PlannedGraph& planned, const std::string& variant, uint64_t calls,
                         uint64_t seed);

}  // namespace timetrial
