#include "workloads/graph_optimizer/plan_judge.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "workloads/graph_optimizer/simulator/reward.h"

namespace timetrial {

std::vector<JudgedPlan> PlanJudge::judge(const PlannedGraph& planned, std::span<const Plan> plans) {
  std::unique_ptr<Rollouts>& rollouts = rollouts_[&planned];
  if (!rollouts)
    rollouts = std::make_unique<Rollouts>(planned.flow, planned.graph.machine,
                                          static_cast<size_t>(at::get_num_threads()));
  std::vector<JudgedPlan> judged;
  for (const SimulationResult& result : rollouts->run(plans)) {
    judged.push_back(
        {graded_cost(result, planned.reference_ps, planned.graph.machine.memory_bytes), result.valid()});
  }
  return judged;
}

at::Tensor PlanJudge::rewards(const std::vector<const PlannedGraph*>& graphs, const Batch& batch,
                              const std::vector<TaskColumns>& tasks, const PlanChoices& choices) {
  const int64_t count = choices.front().size(0);
  at::Tensor rewards = at::empty({count, std::ssize(graphs)}, at::kDouble);
  for (int64_t graph = 0; graph < std::ssize(graphs); ++graph) {
    const PlannedGraph& planned = *graphs[static_cast<size_t>(graph)];
    std::vector<Plan> plans;
    for (int64_t plan = 0; plan < count; ++plan)
      plans.push_back(chosen_plan(planned, batch, tasks, choices, plan, graph));
    const std::vector<JudgedPlan> judged = judge(planned, plans);
    for (int64_t plan = 0; plan < count; ++plan)
      rewards[plan][graph] = -std::sqrt(judged[static_cast<size_t>(plan)].cost);
  }
  return rewards;
}

}  // namespace timetrial
