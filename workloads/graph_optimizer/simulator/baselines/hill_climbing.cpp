#include "workloads/graph_optimizer/simulator/baselines/hill_climbing.h"

#include <utility>

namespace timetrial {

SearchedPlan hill_climbing(Simulator& simulator, const PlanSpace& space, const Plan& start, uint64_t calls,
                           uint64_t seed) {
  SeededDraws draws(seed);
  SearchedPlan best{full_plan(start, simulator.flow()), simulator.run(start), 1};
  Plan tried = best.plan;
  for (; best.calls < calls; ++best.calls) {
    change_one_decision(tried, space, simulator.flow(), simulator.machine(), draws);
    SimulationResult result = simulator.run(tried);
    if (merit(result) <= merit(best.result)) {
      best.plan = tried;
      best.result = std::move(result);
    } else {
      tried = best.plan;
    }
  }
  return best;
}

}  // namespace timetrial
