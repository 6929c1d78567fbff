#include "workloads/graph_optimizer/simulator/baselines/random_search.h"

#include <utility>

namespace timetrial {

SearchedPlan random_search(Simulator& simulator, const PlanSpace& space, const Plan& base, uint64_t calls,
                           uint64_t seed) {
  SeededDraws draws(seed);
  SearchedPlan best{full_plan(base, simulator.flow()), simulator.run(base), 1};
  for (; best.calls < calls; ++best.calls) {
    Plan plan = drawn_plan(space, base, simulator.flow(), simulator.machine(), draws);
    SimulationResult result = simulator.run(plan);
    if (merit(result) >= merit(best.result)) continue;
    best.plan = std::move(plan);
    best.result = std::move(result);
  }
  return best;
}

}  // namespace timetrial
