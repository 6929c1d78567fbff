#include "workloads/graph_optimizer/planned_graph.h"

#include "harness/errors/user_error.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/graphs/graph_file.h"

namespace timetrial {
namespace {

Plan start_plan(const OptimizerGraph& graph, const std::string& variant) {
  if (variant == kAllTasks) return graph.all_tasks;
  const PlanSpace decided = decided_tasks(variant);
  const size_t nodes = graph.graph.nodes.size();
  Plan plan = graph.single_tasks;
  if (!decided.schedule) plan.schedule_level.assign(nodes, 0);
  if (!decided.fusion) plan.fusion_level.assign(nodes, kNeverFuse);
  return plan;
}

}  // namespace

PlannedGraph::PlannedGraph(OptimizerGraph definition, int64_t best_ps, const std::string& variant)
    : graph(std::move(definition)),
      flow(graph.graph),
      start(start_plan(graph, variant)),
      inputs(node_inputs(graph, flow)),
      start_inputs(timetrial::start_inputs(graph, flow, start)),
      reference_ps(best_ps) {}

PlannedGraphs read_planned_graphs(const std::filesystem::path& data_set, const std::string& split,
                                  const std::string& variant) {
  const auto heuristics = read_heuristics(data_set / kBaselinesFile);
  PlannedGraphs graphs;
  for (OptimizerGraph& graph : read_graph_folder(data_set / split)) {
    if (graph.machine.devices > kPolicyDevices)
      throw UserError({"a graph is planned for more devices than policies know", graph.name,
                       std::to_string(graph.machine.devices) + " devices",
                       "use machines of at most " + std::to_string(kPolicyDevices)});
    const int64_t best_ps = best_heuristic(heuristics, graph.name, variant).makespan_ps;
    graphs.push_back(std::make_shared<const PlannedGraph>(std::move(graph), best_ps, variant));
  }
  return graphs;
}

}  // namespace timetrial
