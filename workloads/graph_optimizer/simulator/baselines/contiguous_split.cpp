#include "workloads/graph_optimizer/simulator/baselines/contiguous_split.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "workloads/graph_optimizer/simulator/baselines/balanced_blocks.h"
#include "workloads/graph_optimizer/simulator/baselines/unit_graph.h"

namespace timetrial {

Plan contiguous_split(const Dataflow& flow, const Machine& machine) {
  const PlacementUnits& units = flow.units();
  const std::vector<int64_t> unit_times = unit_times_ps(flow, machine);
  std::vector<uint32_t> order(units.count());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&units](uint32_t first, uint32_t second) {
    return units.anchor[first] < units.anchor[second];
  });
  std::vector<int64_t> costs;
  for (const uint32_t unit : order) costs.push_back(unit_times[unit]);
  const std::vector<uint32_t> blocks = balanced_blocks(costs, machine.devices);
  std::vector<uint32_t> devices(units.count());
  for (size_t place = 0; place < order.size(); ++place) devices[order[place]] = blocks[place];
  return {.device = devices_of_nodes(units, devices), .schedule_level = {}, .fusion_level = {}};
}

}  // namespace timetrial
