#include "workloads/graph_optimizer/plan_timeline.h"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kPsPerNs = 1000;

// Of nodes that kernels are known by.
std::vector<std::string> operations_of(const Dataflow& flow) {
  std::vector<std::string> names;
  for (const NodeId op : flow.ops()) names.push_back(flow.node(op).name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Json timeline_json(Simulator& simulator, const Plan& plan, const std::vector<std::string>& operations) {
  Timeline timeline;
  const SimulationResult result = simulator.run(plan, &timeline);
  Json kernels = Json::array(), transfers = Json::array();
  for (const KernelSpan& kernel : timeline.kernels) {
    const std::string& name = simulator.flow().node(kernel.root).name;
    const auto place = std::lower_bound(operations.begin(), operations.end(), name) - operations.begin();
    kernels.push_back({kernel.device, kernel.start_ps / kPsPerNs, kernel.end_ps / kPsPerNs, place});
  }
  for (const TransferSpan& transfer : timeline.transfers)
    transfers.push_back(
        {transfer.from, transfer.to, transfer.start_ps / kPsPerNs, transfer.end_ps / kPsPerNs});
  return {{"makespan_ns", result.makespan_ps / kPsPerNs},
          {"fits", result.valid()},
          {"kernels", kernels},
          {"transfers", transfers}};
}

}  // namespace

std::string plan_timeline(const PlannedGraph& planned, const Plan& policy) {
  Simulator simulator(planned.flow, planned.graph.machine);
  const std::vector<std::string> operations = operations_of(planned.flow);
  return Json({{"graph", planned.graph.name},
               {"devices", planned.graph.machine.devices},
               {"operations", operations},
               {"plans",
                {{"heuristic", timeline_json(simulator, planned.start, operations)},
                 {"policy", timeline_json(simulator, policy, operations)}}}})
      .dump();
}

}  // namespace timetrial
