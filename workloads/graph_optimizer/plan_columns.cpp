#include "workloads/graph_optimizer/plan_columns.h"

#include "workloads/graph_optimizer/graphs/decided_tasks.h"

namespace timetrial {
namespace {

// Levels are below the number of nodes, so classes do not overlap.
int32_t level_of(const PlannedGraph& planned, int64_t priority_class, int32_t start_level) {
  return static_cast<int32_t>(priority_class * planned.flow.size()) + start_level;
}

}  // namespace

std::vector<int64_t> start_columns(const PlannedGraph& planned, GraphTask task) {
  std::vector<int64_t> columns;
  if (task == GraphTask::placement) {
    for (const NodeId leader : planned.flow.units().leader) columns.push_back(planned.start.device[leader]);
    return columns;
  }
  for (const NodeId op : planned.flow.ops()) {
    const bool fuses = planned.start.fusion_level[op] != kNeverFuse;
    if (task == GraphTask::schedule)
      columns.push_back(kMiddleClass);
    else
      columns.push_back(fuses ? 1 + kMiddleClass : 0);
  }
  return columns;
}

void take_columns(const PlannedGraph& planned, GraphTask task, std::span<const int64_t> columns, Plan& plan) {
  size_t row = 0;
  if (task == GraphTask::placement) {
    for (const NodeId leader : planned.flow.units().leader)
      plan.device[leader] = static_cast<uint32_t>(columns[row++]);
    return;
  }
  for (const NodeId op : planned.flow.ops()) {
    const int64_t column = columns[row++];
    if (task == GraphTask::schedule) {
      plan.schedule_level[op] = level_of(planned, column, planned.start.schedule_level[op]);
      continue;
    }
    const int32_t start_level = planned.start.fusion_level[op];
    const auto last = static_cast<int32_t>(planned.flow.size()) - 1;
    plan.fusion_level[op] =
        column == 0 ? kNeverFuse
                    : level_of(planned, column - 1, start_level == kNeverFuse ? last : start_level);
  }
}

}  // namespace timetrial
