#include "workloads/graph_optimizer/simulator/baselines/random_placement.h"

#include <vector>

#include "workloads/graph_optimizer/simulator/baselines/seeded_draws.h"

namespace timetrial {

Plan random_placement(const PlacementUnits& units, const Machine& machine, uint64_t seed) {
  SeededDraws draws(seed);
  std::vector<uint32_t> devices(units.count());
  for (uint32_t& device : devices) device = draws.below(machine.devices);
  return {.device = devices_of_nodes(units, devices), .schedule_level = {}, .fusion_level = {}};
}

RandomMean random_mean(Simulator& simulator, uint64_t seed, uint32_t placements) {
  RandomMean mean{0, 0, placements};
  for (uint32_t i = 0; i < placements; ++i) {
    const SimulationResult result =
        simulator.run(random_placement(simulator.flow().units(), simulator.machine(), seed + i));
    mean.makespan_ps += static_cast<double>(result.makespan_ps) / placements;
    mean.valid += result.valid() ? 1 : 0;
  }
  return mean;
}

}  // namespace timetrial
