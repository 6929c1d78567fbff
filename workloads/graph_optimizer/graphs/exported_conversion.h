#pragma once

#include <string>

#include "workloads/computation_graph/exported_graph.h"
#include "workloads/graph_optimizer/graphs/optimizer_graph.h"

namespace timetrial {

// An exported step as a graph to optimise, views left out but for those that without_views() keeps. Flops,
// bytes, groups and layers stay as they are; parameters (weights, optimizer state, inputs) are resident.
// Kernels of libraries are not fusible: dots, convolutions, batch norms, FFTs, sorts, scatters, windows and
// random numbers. `machine` is taken as it is; both plans put all on device 0. Throws std::logic_error for
// an invalid graph.
OptimizerGraph graph_to_optimize(const std::string& name, const ExportedGraph& exported,
                                 const Machine& machine);

}  // namespace timetrial
