#pragma once

// The graphs that cpu_layout consists of.

#include <functional>
#include <string>
#include <vector>

#include "workloads/tpugraphs_layout/cpu_layout/layout_graph.h"

namespace timetrial {

struct CollectedGraph {
  std::string split;  // "train", "valid" or "test"
  std::function<LayoutGraph()> make;
};

// 40 graphs of six kinds of networks in several widths, depths and batch sizes: 28 to train on, and of every
// kind another network to validate and one to test on. The order is fixed. Each takes less than a few
// milliseconds: the shorter a run, the likelier one of many is not disturbed.
std::vector<CollectedGraph> layout_collection();

}  // namespace timetrial
