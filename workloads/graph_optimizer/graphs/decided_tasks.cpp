#include "workloads/graph_optimizer/graphs/decided_tasks.h"

#include "harness/errors/user_error.h"

namespace timetrial {

PlanSpace decided_tasks(const std::string& variant) {
  if (variant.empty()) return {true, false, false, kPriorityClasses};
  if (variant == "schedule") return {false, true, false, kPriorityClasses};
  if (variant == "fusion") return {false, false, true, kPriorityClasses};
  if (variant == kAllTasks) return {true, true, true, kPriorityClasses};
  throw UserError({"graph_optimizer has no such variant", "", variant,
                   "use schedule, fusion or all, or leave it out for placement alone"});
}

}  // namespace timetrial
