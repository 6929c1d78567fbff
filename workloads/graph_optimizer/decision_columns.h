#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "workloads/graph_optimizer/simulator/baselines/plan_space.h"

namespace timetrial {

enum class GraphTask { placement, schedule, fusion };

// Largest number of devices that a policy knows.
inline constexpr int64_t kPolicyDevices = 4;

// Which columns of a policy's logits belong to a task.
struct TaskColumns {
  GraphTask task = GraphTask::placement;
  std::string name;  // "placement" …
  int64_t first = 0;
  int64_t count = 0;  // devices, schedule levels, or fusion levels and "never", which comes first
};

// Of the tasks that are decided, in the order in which they take effect: placement, fusion, schedule.
std::vector<TaskColumns> decision_columns(const PlanSpace& space);

}  // namespace timetrial
