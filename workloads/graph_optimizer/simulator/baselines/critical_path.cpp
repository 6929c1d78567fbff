#include "workloads/graph_optimizer/simulator/baselines/critical_path.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace timetrial {
namespace {

std::vector<int64_t> longest_ways_ps(const KernelGraph& kernels, const std::vector<uint32_t>& device,
                                     const Dataflow& flow, const Machine& machine) {
  std::vector<int64_t> way(kernels.size());
  for (uint32_t kernel = kernels.size(); kernel-- > 0;) {
    const NodeId root = kernels.root[kernel];
    const int64_t sending = transfer_ps(machine, flow.node(root).output_bytes);
    for (const uint32_t consumer : kernels.consumers[root]) {
      const bool apart = device[root] != device[kernels.root[consumer]];
      way[kernel] = std::max(way[kernel], way[consumer] + (apart ? sending : 0));
    }
    way[kernel] += kernels.duration_ps[kernel];
  }
  return way;
}

}  // namespace

Plan with_critical_path_schedule(Plan plan, Simulator& simulator) {
  const KernelGraph& kernels = simulator.kernels_of(plan);
  const std::vector<int64_t> way =
      longest_ways_ps(kernels, simulator.devices(), simulator.flow(), simulator.machine());
  std::vector<uint32_t> order(kernels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&way](uint32_t first, uint32_t second) { return way[first] > way[second]; });
  plan.schedule_level.assign(simulator.flow().size(), 0);
  for (size_t place = 0; place < order.size(); ++place)
    plan.schedule_level[kernels.root[order[place]]] = static_cast<int32_t>(place);
  return plan;
}

}  // namespace timetrial
