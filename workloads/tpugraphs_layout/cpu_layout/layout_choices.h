#pragma once

// The configurations that a graph of the layout collection is timed with.

#include <cstdint>
#include <vector>

#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/tpugraphs_layout/cpu_layout/layout_graph.h"

namespace timetrial {

// For every configurable node of a graph.
using GraphLayouts = std::vector<LayoutConfiguration>;

// `count` configurations, all different; drawn from the seed alone. The first is the default, all -1; up to
// the half of them change one to three nodes of it, the others any number, drawn for each: what TpuGraphs'
// searches "default" and "random" are after. What is changed gets a random order of the dimensions of its
// output, input or kernel (of convolutions and dots), or of several.
std::vector<GraphLayouts> layout_choices(const LayoutGraph& graph, int64_t count, uint64_t seed);

}  // namespace timetrial
