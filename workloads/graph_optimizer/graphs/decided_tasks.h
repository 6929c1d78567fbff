#pragma once

#include <string>

#include "workloads/graph_optimizer/simulator/baselines/plan_space.h"

namespace timetrial {

// Priority classes of schedule and of fusion, beside "never" for fusion: before, among and after what has the
// middle one. Within a class a heuristic's order holds.
inline constexpr int32_t kPriorityClasses = 3;
inline constexpr int32_t kMiddleClass = 1;

inline constexpr const char* kAllTasks = "all";

// What a variant of the workload decides: "" placement alone, "schedule", "fusion", or "all" three. Throws
// UserError for another.
PlanSpace decided_tasks(const std::string& variant);

}  // namespace timetrial
