#include "workloads/graph_optimizer/simulator/baselines/unit_graph.h"

#include <set>

#include "workloads/graph_optimizer/simulator/kernel_graph.h"

namespace timetrial {

std::vector<int64_t> unit_times_ps(const Dataflow& flow, const Machine& machine) {
  std::vector<int64_t> times(flow.units().count());
  for (const NodeId op : flow.ops()) times[flow.units().unit_of[op]] += kernel_ps(machine, flow.op_cost(op));
  return times;
}

UnitGraph unit_graph(const Dataflow& flow, const Machine& machine) {
  const std::vector<uint32_t>& unit_of = flow.units().unit_of;
  UnitGraph graph;
  graph.time_ps = unit_times_ps(flow, machine);
  graph.bytes.resize(flow.units().count());
  graph.neighbours.resize(flow.units().count());
  for (NodeId id = 0; id < flow.size(); ++id) {
    const CostNode& node = flow.node(id);
    graph.bytes[unit_of[id]] += node.resident_bytes + (takes_time(node) ? node.output_bytes : 0);
    // A tensor is sent once to a device, however many read it there.
    std::set<uint32_t> readers;
    for (const NodeId consumer : flow.consumers(id)) readers.insert(unit_of[consumer]);
    readers.erase(unit_of[id]);
    for (const uint32_t reader : readers) {
      graph.neighbours[unit_of[id]][reader] += node.output_bytes;
      graph.neighbours[reader][unit_of[id]] += node.output_bytes;
    }
  }
  return graph;
}

}  // namespace timetrial
