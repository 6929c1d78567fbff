#pragma once

// What happens when under two plans of a step, for people to compare: the best heuristic's and a policy's.

#include <string>

#include "workloads/graph_optimizer/planned_graph.h"

namespace timetrial {

// The kind of exhibit that the text is.
inline constexpr const char* kPlanTimeline = "plan_timeline";

// JSON; times are whole nanoseconds, rounded down, so that what did not overlap does not:
//   {"graph": "transformer_1_b32_d2", "devices": 2, "operations": ["dot", …],
//    "plans": {"heuristic": {"makespan_ns": 1, "fits": true,     within the memory of the devices
//                            "kernels": [[device, start, end, operation], …],
//                            "transfers": [[from, to, start, end], …]},
//              "policy": {…}}}
// A kernel's operation is a place in the list: the one of the node that writes its output. Throws what
// Simulator::run throws.
std::string plan_timeline(const PlannedGraph& planned, const Plan& policy);

}  // namespace timetrial
