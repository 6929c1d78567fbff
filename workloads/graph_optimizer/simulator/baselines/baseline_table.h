#pragma once

#include <string>
#include <vector>

#include "workloads/graph_optimizer/simulator/baselines/plan_space.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {

struct ScoredBaseline {
  std::string name;  // "heft, critical path, fused by saved time"
  Plan plan;
  SimulationResult result;
};

// All heuristic plans of a graph, each simulated: every placement (one device, contiguous, expert, METIS
// where the build has it, HEFT) with every schedule (first in, first out; critical path; HEFT's own) and
// every fusion (none, saved bytes, saved time). What the space leaves undecided stays at its default. Random
// placements are left out: their mean is no plan (random_mean). Fixed order. With METIS: called at
// preparation only (metis_parts.h).
std::vector<ScoredBaseline> heuristic_baselines(Simulator& simulator, const PlanSpace& space);

// The best (merit) of them, the first among equals. Throws std::logic_error for none.
const ScoredBaseline& best_of(const std::vector<ScoredBaseline>& baselines);

}  // namespace timetrial
