#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"

namespace timetrial {

// Durations of all ops of every placement unit, unfused.
std::vector<int64_t> unit_times_ps(const Dataflow& flow, const Machine& machine);

// Placement units as an undirected graph, for partitioners.
struct UnitGraph {
  std::vector<int64_t> time_ps;  // of every unit
  std::vector<int64_t> bytes;    // of every unit: resident, and outputs of its ops
  // Of every unit: neighbour -> bytes that would cross if the two were apart. Both directions, no unit beside
  // itself.
  std::vector<std::map<uint32_t, int64_t>> neighbours;
};

UnitGraph unit_graph(const Dataflow& flow, const Machine& machine);

}  // namespace timetrial
