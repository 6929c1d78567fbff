#pragma once

// Which steps of training become graphs of the data set. All run on the meta device, forward, backward and
// momentum's update (weights with one state each), at the widths of the official models.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "workloads/computation_graph/exported_graph.h"
#include "workloads/workload.h"

namespace timetrial {

struct GraphRecipe {
  std::string split;  // "train", "valid", "test": its folder
  std::string name;
  uint32_t devices = 2;
  std::function<ExportedGraph()> make;
};

// full: official models of this program's other workloads, whole (some 230 to 9,600 nodes; 12 to train on, 2
// and 2 held out). mini: one or two blocks of such models at full width (182 to 580 nodes; 12, 2 and 2).
std::vector<GraphRecipe> graph_recipes(Tier tier);

}  // namespace timetrial
