#include "workloads/graph_optimizer/plan_control.h"

#include <vector>

#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/plan_columns.h"
#include "workloads/graph_optimizer/simulator/baselines/hill_climbing.h"
#include "workloads/graph_optimizer/simulator/baselines/random_search.h"
#include "workloads/graph_optimizer/simulator/baselines/seeded_draws.h"
#include "workloads/graph_optimizer/simulator/reward.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

// One column of one row is drawn anew; a change that is no worse stays.
SimulationResult climb_from_start(const PlannedGraph& planned, const PlanSpace& space, Simulator& simulator,
                                  uint64_t calls, uint64_t seed) {
  const std::vector<TaskColumns> tasks = decision_columns(space);
  std::vector<std::vector<int64_t>> columns;
  for (const TaskColumns& task : tasks) columns.push_back(start_columns(planned, task.task));
  Plan plan = planned.start;
  SimulationResult best = simulator.run(plan);
  SeededDraws draws(seed);
  for (uint64_t call = 1; call < calls; ++call) {
    const uint32_t i = draws.below(static_cast<uint32_t>(tasks.size()));
    const bool places = tasks[i].task == GraphTask::placement;
    const uint32_t row = draws.below(static_cast<uint32_t>(columns[i].size()));
    const int64_t before = columns[i][row];
    columns[i][row] =
        draws.below(places ? planned.graph.machine.devices : static_cast<uint32_t>(tasks[i].count));
    take_columns(planned, tasks[i].task, columns[i], plan);
    const SimulationResult result = simulator.run(plan);
    if (merit(result) <= merit(best)) {
      best = result;
      continue;
    }
    columns[i][row] = before;
    take_columns(planned, tasks[i].task, columns[i], plan);
  }
  return best;
}

}  // namespace

PlanControl plan_control(const PlannedGraph& planned, const std::string& variant, uint64_t calls,
                         uint64_t seed) {
  constexpr uint32_t kRandomPlans = 10;
  const PlanSpace space = decided_tasks(variant);
  const Machine& machine = planned.graph.machine;
  Simulator simulator(planned.flow, machine);
  const auto cost = [&](const SimulationResult& result) {
    return graded_cost(result, planned.reference_ps, machine.memory_bytes);
  };
  // A variant that decides no placement has the base placement from the start.
  const Plan start = space.placement ? Plan() : Plan{planned.start.device, {}, {}};
  PlanControl control;
  control.graph = planned.graph.name;
  control.one_device = cost(simulator.run({}));
  SeededDraws draws(seed);
  for (uint32_t i = 0; i < kRandomPlans; ++i)
    control.random_mean +=
        cost(simulator.run(drawn_plan(space, start, planned.flow, machine, draws))) / kRandomPlans;
  control.random_search = cost(random_search(simulator, space, start, calls, seed).result);
  control.climbing = cost(hill_climbing(simulator, space, start, calls, seed).result);
  control.climbing_from_start = cost(climb_from_start(planned, space, simulator, calls, seed));
  return control;
}

}  // namespace timetrial
