#pragma once

// What heuristics make of the graphs of a data set: computed once, when the data set is written, and kept in
// its file baselines.json, so that a metric that is relative to them never depends on the machine (nor on
// whether METIS is there).
//   {"<graph>": {"all" | "placement" | "schedule" | "fusion": [{"plan": "heft, critical path",
//    "makespan_ps": 1, "excess_bytes": 0}, …]}}, the best first.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "workloads/graph_optimizer/graphs/optimizer_graph.h"

namespace timetrial {

struct HeuristicTime {
  std::string plan;
  int64_t makespan_ps = 0;
  int64_t excess_bytes = 0;

  bool operator==(const HeuristicTime&) const = default;
};

// By variant ("placement" for ""): the heuristic plans of a graph, the best (merit) first.
using GraphHeuristics = std::map<std::string, std::vector<HeuristicTime>>;

inline constexpr const char* kBaselinesFile = "baselines.json";

// Also sets the graph's heuristic plans (optimizer_graph.h), the same as those that are timed but that their
// levels are 0, 1, 2 …. The heuristics of variants that decide no placement have the best placement alone and
// are first in first out and critical path, or no fusion and the two fusion rules. Throws UserError when no
// heuristic fits into memory.
GraphHeuristics compute_heuristics(OptimizerGraph& graph);

void write_heuristics(const std::filesystem::path& file, const std::map<std::string, GraphHeuristics>& all);

// Throws UserError for a damaged file. Whether it speaks of a graph and variant is for best_heuristic().
std::map<std::string, GraphHeuristics> read_heuristics(const std::filesystem::path& file);

// Throws UserError where the file says nothing of the graph and variant, or of none that fits.
const HeuristicTime& best_heuristic(const std::map<std::string, GraphHeuristics>& all,
                                    const std::string& graph, const std::string& variant);

}  // namespace timetrial
