#include "workloads/graph_partition/metis_parts.h"

#include "harness/errors/user_error.h"

#ifdef TIMETRIAL_WITH_METIS
#include <array>
#include <stdexcept>
#include <string>

#include <metis.h>
#endif

namespace timetrial {

#ifdef TIMETRIAL_WITH_METIS
namespace {

constexpr idx_t kPartitionSeed = 1;

// METIS takes arrays of its own integers, which it may write to.
std::vector<idx_t> metis_array(const std::vector<int32_t>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

bool has_metis() {
  return true;
}

std::vector<int32_t> metis_parts(const WeightedGraph& graph, int32_t parts) {
  idx_t vertices = graph.nodes(), constraints = graph.constraints, count = parts, cut = 0;
  if (vertices == 0 || parts == 1) return std::vector<int32_t>(static_cast<size_t>(vertices), 0);
  std::vector<idx_t> xadj = metis_array(graph.offsets), adjncy = metis_array(graph.neighbours),
                     vwgt = metis_array(graph.node_weights), adjwgt = metis_array(graph.edge_weights),
                     part(static_cast<size_t>(vertices));
  std::array<idx_t, METIS_NOPTIONS> options{};
  METIS_SetDefaultOptions(options.data());
  options[METIS_OPTION_SEED] = kPartitionSeed;
  const int status =
      METIS_PartGraphKway(&vertices, &constraints, xadj.data(), adjncy.data(), vwgt.data(), nullptr,
                          adjwgt.data(), &count, nullptr, nullptr, options.data(), &cut, part.data());
  if (status != METIS_OK)
    throw std::logic_error("METIS_PartGraphKway refused a graph of " + std::to_string(vertices) +
                           " vertices with status " + std::to_string(status));
  return {part.begin(), part.end()};
}

#else

bool has_metis() {
  return false;
}

std::vector<int32_t> metis_parts(const WeightedGraph&, int32_t) {
  throw UserError({"this build of timetrial has no METIS, so that it cannot cut graphs", "", "",
                   "install libmetis-dev, configure and build again"});
}

#endif

}  // namespace timetrial
