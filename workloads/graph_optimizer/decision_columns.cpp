#include "workloads/graph_optimizer/decision_columns.h"

namespace timetrial {

std::vector<TaskColumns> decision_columns(const PlanSpace& space) {
  std::vector<TaskColumns> columns;
  int64_t first = 0;
  const auto add = [&](GraphTask task, const char* name, int64_t count) {
    columns.push_back({task, name, first, count});
    first += count;
  };
  if (space.placement) add(GraphTask::placement, "placement", kPolicyDevices);
  if (space.fusion) add(GraphTask::fusion, "fusion", space.levels + 1);
  if (space.schedule) add(GraphTask::schedule, "schedule", space.levels);
  return columns;
}

}  // namespace timetrial
