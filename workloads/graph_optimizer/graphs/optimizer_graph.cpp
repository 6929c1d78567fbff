#include "workloads/graph_optimizer/graphs/optimizer_graph.h"

#include <stdexcept>

namespace timetrial {

void validate(const OptimizerGraph& graph) {
  validate(graph.graph);
  validate(graph.machine);
  const size_t nodes = graph.graph.nodes.size();
  const auto expect_length = [&](size_t length) {
    if (length != nodes)
      throw std::logic_error("graph '" + graph.name + "' has " + std::to_string(nodes) +
                             " nodes, but a list of " + std::to_string(length));
  };
  expect_length(graph.opcodes.size());
  expect_length(graph.shapes.size());
  for (const Plan* plan : {&graph.all_tasks, &graph.single_tasks}) {
    expect_length(plan->device.size());
    expect_length(plan->schedule_level.size());
    expect_length(plan->fusion_level.size());
    for (size_t id = 0; id < nodes; ++id) {
      const int32_t schedule = plan->schedule_level[id], fusion = plan->fusion_level[id];
      if (plan->device[id] >= graph.machine.devices || schedule < 0 ||
          schedule >= std::ssize(graph.graph.nodes) || fusion < kNeverFuse ||
          fusion >= std::ssize(graph.graph.nodes))
        throw std::logic_error("graph '" + graph.name + "' has a plan with device " +
                               std::to_string(plan->device[id]) + " and levels " + std::to_string(schedule) +
                               " and " + std::to_string(fusion) + " for node " + std::to_string(id));
    }
  }
}

}  // namespace timetrial
