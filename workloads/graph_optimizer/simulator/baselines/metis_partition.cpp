#include "workloads/graph_optimizer/simulator/baselines/metis_partition.h"

#include "harness/errors/user_error.h"

#ifdef TIMETRIAL_WITH_METIS
#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <metis.h>

#include "workloads/graph_optimizer/simulator/baselines/unit_graph.h"
#endif

namespace timetrial {

#ifdef TIMETRIAL_WITH_METIS
namespace {

constexpr idx_t kPartitionSeed = 1;
// Sums of weights that METIS's integers hold with room for what it multiplies them by.
constexpr int64_t kWeightSum = 1 << 24;

// Weights in proportion, at least `lowest`, of about kWeightSum in all.
class ScaledWeights {
 public:
  explicit ScaledWeights(int64_t sum) : sum_(std::max<int64_t>(sum, 1)) {}
  idx_t operator()(int64_t weight, idx_t lowest) const {
    const auto scaled = static_cast<idx_t>(static_cast<__int128>(weight) * kWeightSum / sum_);
    return std::max(scaled, lowest);
  }

 private:
  int64_t sum_;
};

// The arrays that METIS takes, in its words.
struct CompressedGraph {
  explicit CompressedGraph(const UnitGraph& graph) {
    const ScaledWeights time(std::accumulate(graph.time_ps.begin(), graph.time_ps.end(), int64_t{0}));
    const ScaledWeights bytes(std::accumulate(graph.bytes.begin(), graph.bytes.end(), int64_t{0}));
    int64_t crossing = 0;
    for (const auto& neighbours : graph.neighbours)
      for (const auto& [neighbour, weight] : neighbours) crossing += weight;
    const ScaledWeights edges(crossing);
    for (size_t unit = 0; unit < graph.time_ps.size(); ++unit) {
      vwgt.push_back(time(graph.time_ps[unit], 0));
      vwgt.push_back(bytes(graph.bytes[unit], 0));
      for (const auto& [neighbour, weight] : graph.neighbours[unit]) {
        adjncy.push_back(static_cast<idx_t>(neighbour));
        adjwgt.push_back(edges(weight, 1));
      }
      xadj.push_back(static_cast<idx_t>(adjncy.size()));
    }
  }

  std::vector<idx_t> xadj = {0}, adjncy, adjwgt, vwgt;
};

}  // namespace

bool has_metis() {
  return true;
}

Plan metis_partition(const Dataflow& flow, const Machine& machine) {
  const PlacementUnits& units = flow.units();
  std::vector<uint32_t> devices(units.count(), 0);
  if (units.count() <= machine.devices) {
    std::iota(devices.begin(), devices.end(), 0U);
  } else if (machine.devices > 1) {
    CompressedGraph graph(unit_graph(flow, machine));
    auto vertices = static_cast<idx_t>(units.count()), parts = static_cast<idx_t>(machine.devices);
    idx_t constraints = 2, cut = 0;
    std::array<idx_t, METIS_NOPTIONS> options{};
    METIS_SetDefaultOptions(options.data());
    options[METIS_OPTION_SEED] = kPartitionSeed;
    std::vector<idx_t> part(units.count());
    const int status = METIS_PartGraphKway(&vertices, &constraints, graph.xadj.data(), graph.adjncy.data(),
                                           graph.vwgt.data(), nullptr, graph.adjwgt.data(), &parts, nullptr,
                                           nullptr, options.data(), &cut, part.data());
    if (status != METIS_OK)
      throw std::logic_error("METIS_PartGraphKway refused a graph of " + std::to_string(vertices) +
                             " vertices with status " + std::to_string(status));
    for (size_t unit = 0; unit < devices.size(); ++unit) devices[unit] = static_cast<uint32_t>(part[unit]);
  }
  return {.device = devices_of_nodes(units, devices), .schedule_level = {}, .fusion_level = {}};
}

#else

bool has_metis() {
  return false;
}

Plan metis_partition(const Dataflow&, const Machine&) {
  throw UserError({"this build of timetrial has no METIS, so that there is no METIS baseline",
                   "graph_optimizer", "", "install libmetis-dev, configure and build again"});
}

#endif

}  // namespace timetrial
