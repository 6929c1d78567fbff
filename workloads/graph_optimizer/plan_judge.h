#pragma once

#include <map>
#include <memory>
#include <vector>

#include <ATen/core/Tensor.h>

#include "timetrial/batch.h"
#include "workloads/graph_optimizer/plan_choices.h"
#include "workloads/graph_optimizer/simulator/rollouts.h"

namespace timetrial {

// What the plans of a graph cost: sqrt is what reward.h takes from 0. Equal to time over the best heuristic's
// time where the plan fits into memory; kExcessPrice for a device's memory too much.
struct JudgedPlan {
  double cost = 0;
  bool valid = false;
};

// Simulates plans on as many threads as ATen has; keeps a simulator for each graph it has seen. Results do
// not depend on threads. Of one thread.
class PlanJudge {
 public:
  // The graph outlives this.
  std::vector<JudgedPlan> judge(const PlannedGraph& planned, std::span<const Plan> plans);

  // Graded rewards, float64 [plans, G]; graphs[g]: graph g of the batch.
  at::Tensor rewards(const std::vector<const PlannedGraph*>& graphs, const Batch& batch,
                     const std::vector<TaskColumns>& tasks, const PlanChoices& choices);

 private:
  std::map<const PlannedGraph*, std::unique_ptr<Rollouts>> rollouts_;
};

}  // namespace timetrial
