#pragma once

// A graph of the data set with all that planning it needs.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "workloads/graph_optimizer/graphs/graph_heuristics.h"
#include "workloads/graph_optimizer/graphs/optimizer_graph.h"
#include "workloads/graph_optimizer/node_inputs.h"
#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/start_inputs.h"

namespace timetrial {

// Immutable; any number of threads.
struct PlannedGraph {
  // `best_ps`: of the best heuristic plan of the variant. Throws UserError for an unknown variant.
  PlannedGraph(OptimizerGraph definition, int64_t best_ps, const std::string& variant);

  OptimizerGraph graph;
  Dataflow flow;
  Plan start;  // the best heuristic plan of the variant, full
  std::vector<NodeInputs> inputs;
  StartInputs start_inputs;
  int64_t reference_ps = 0;
};

using PlannedGraphs = std::vector<std::shared_ptr<const PlannedGraph>>;

// Of one split ("train", "valid", "test"), by name. Throws UserError for a missing or damaged file, and where
// baselines.json says nothing of a graph and variant.
PlannedGraphs read_planned_graphs(const std::filesystem::path& data_set, const std::string& split,
                                  const std::string& variant);

}  // namespace timetrial
