#pragma once

#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/workload.h"

namespace timetrial {

// Two made-up graphs of 70 and 6 nodes on machines of 2 and 4 devices, with three given plans each.
FingerprintCase policy_fingerprint_case(int64_t segment_nodes);

// As a graph of the data set; every node but the first consumes one or two before it.
OptimizerGraph made_up_graph(uint32_t seed, uint32_t nodes, uint32_t devices);

}  // namespace timetrial
