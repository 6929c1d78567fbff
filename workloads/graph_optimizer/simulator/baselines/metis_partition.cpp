#include "workloads/graph_optimizer/simulator/baselines/metis_partition.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "workloads/graph_optimizer/simulator/baselines/unit_graph.h"
#include "workloads/graph_partition/metis_parts.h"

namespace timetrial {
namespace {

// Sums of weights that METIS's integers hold with room for what it multiplies them by.
constexpr int64_t kWeightSum = 1 << 24;

// Weights in proportion, at least `lowest`, of about kWeightSum in all.
class ScaledWeights {
 public:
  explicit ScaledWeights(int64_t sum) : sum_(std::max<int64_t>(sum, 1)) {}
  int32_t operator()(int64_t weight, int32_t lowest) const {
    const auto scaled = static_cast<int32_t>(static_cast<__int128>(weight) * kWeightSum / sum_);
    return std::max(scaled, lowest);
  }

 private:
  int64_t sum_;
};

WeightedGraph weighted(const UnitGraph& units) {
  const ScaledWeights time(std::accumulate(units.time_ps.begin(), units.time_ps.end(), int64_t{0}));
  const ScaledWeights bytes(std::accumulate(units.bytes.begin(), units.bytes.end(), int64_t{0}));
  int64_t crossing = 0;
  for (const auto& neighbours : units.neighbours)
    for (const auto& [neighbour, weight] : neighbours) crossing += weight;
  const ScaledWeights edges(crossing);
  WeightedGraph graph;
  graph.constraints = 2;
  for (size_t unit = 0; unit < units.time_ps.size(); ++unit) {
    graph.node_weights.push_back(time(units.time_ps[unit], 0));
    graph.node_weights.push_back(bytes(units.bytes[unit], 0));
    for (const auto& [neighbour, weight] : units.neighbours[unit]) {
      graph.neighbours.push_back(static_cast<int32_t>(neighbour));
      graph.edge_weights.push_back(edges(weight, 1));
    }
    graph.offsets.push_back(static_cast<int32_t>(graph.neighbours.size()));
  }
  return graph;
}

}  // namespace

Plan metis_partition(const Dataflow& flow, const Machine& machine) {
  const PlacementUnits& units = flow.units();
  std::vector<uint32_t> devices(units.count(), 0);
  if (units.count() <= machine.devices) {
    std::iota(devices.begin(), devices.end(), 0U);
  } else {
    const std::vector<int32_t> parts =
        metis_parts(weighted(unit_graph(flow, machine)), static_cast<int32_t>(machine.devices));
    std::copy(parts.begin(), parts.end(), devices.begin());
  }
  return {.device = devices_of_nodes(units, devices), .schedule_level = {}, .fusion_level = {}};
}

}  // namespace timetrial
