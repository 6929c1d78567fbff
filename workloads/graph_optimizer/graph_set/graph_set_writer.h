#pragma once

// The data set of graph_optimizer: exported, given a machine, and scored by the heuristics.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "workloads/graph_optimizer/graph_set/graph_recipes.h"
#include "workloads/graph_optimizer/graphs/graph_heuristics.h"

namespace timetrial {

// Of what a step needs on one device: so much memory has every device of the machine. Where no heuristic
// placement fits, the percentage is raised in steps until one does.
inline constexpr int64_t kMemoryPercent = 65;
inline constexpr int64_t kMemoryStepPercent = 5;
inline constexpr int64_t kMostMemoryPercent = 95;

struct MadeGraph {
  OptimizerGraph graph;
  GraphHeuristics heuristics;
  int64_t memory_percent = kMemoryPercent;
};

// Exports a graph for a machine of the recipe's devices. Throws UserError where no heuristic placement fits
// into kMostMemoryPercent.
MadeGraph made_graph(const GraphRecipe& recipe);

using GraphProgress = std::function<void(const MadeGraph& made)>;

// Writes <folder>/{train,valid,test}/NAME.npz and baselines.json; the manifest is left to the caller. The
// same program writes the same bytes, but for heuristics by another version of METIS or none. Throws
// UserError where a file cannot be written.
void write_graph_set(const std::vector<GraphRecipe>& recipes, const std::filesystem::path& folder,
                     const GraphProgress& progress);

}  // namespace timetrial
