#pragma once

// Decisions as columns: what a policy chooses for each row of a task. A placement's rows are the placement
// units and its columns the devices. Rows of schedule and fusion are the nodes that take time, in order; the
// columns are priority classes, for fusion after "never". Within a class the order of the plan to start from
// holds, so that the plan to start from is among those that can be chosen, exactly.

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/graph_optimizer/decision_columns.h"
#include "workloads/graph_optimizer/planned_graph.h"

namespace timetrial {

// Of the plan to start from.
std::vector<int64_t> start_columns(const PlannedGraph& planned, GraphTask task);

// `columns`: one for each of the task's rows.
void take_columns(const PlannedGraph& planned, GraphTask task, std::span<const int64_t> columns, Plan& plan);

}  // namespace timetrial
