#include "workloads/graph_optimizer/simulator/baselines/plan_space.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace timetrial {
namespace {

enum class Decision { placement, schedule, fusion };

void check(const PlanSpace& space) {
  if (!space.placement && !space.schedule && !space.fusion)
    throw std::logic_error("a search over plans needs something that may be decided");
  if (space.levels < 1) throw std::logic_error("a search over plans needs at least one level");
}

int32_t drawn_schedule_level(const PlanSpace& space, SeededDraws& draws) {
  return static_cast<int32_t>(draws.below(static_cast<uint32_t>(space.levels)));
}

// kNeverFuse or a level.
int32_t drawn_fusion_level(const PlanSpace& space, SeededDraws& draws) {
  return static_cast<int32_t>(draws.below(static_cast<uint32_t>(space.levels) + 1)) + kNeverFuse;
}

}  // namespace

Plan full_plan(Plan plan, const Dataflow& flow) {
  if (plan.device.empty()) plan.device.assign(flow.size(), 0);
  if (plan.schedule_level.empty()) plan.schedule_level.assign(flow.size(), 0);
  if (plan.fusion_level.empty()) plan.fusion_level.assign(flow.size(), kNeverFuse);
  return plan;
}

Plan drawn_plan(const PlanSpace& space, const Plan& base, const Dataflow& flow, const Machine& machine,
                SeededDraws& draws) {
  check(space);
  Plan plan = full_plan(base, flow);
  if (space.placement)
    for (const NodeId leader : flow.units().leader) plan.device[leader] = draws.below(machine.devices);
  for (const NodeId op : flow.ops()) {
    if (space.schedule) plan.schedule_level[op] = drawn_schedule_level(space, draws);
    if (space.fusion) plan.fusion_level[op] = drawn_fusion_level(space, draws);
  }
  return plan;
}

void change_one_decision(Plan& plan, const PlanSpace& space, const Dataflow& flow, const Machine& machine,
                         SeededDraws& draws) {
  check(space);
  std::array<Decision, 3> kinds{};
  uint32_t count = 0;
  if (space.placement) kinds[count++] = Decision::placement;
  if (space.schedule) kinds[count++] = Decision::schedule;
  if (space.fusion) kinds[count++] = Decision::fusion;
  const Decision kind = kinds[draws.below(count)];
  if (kind == Decision::placement) {
    if (machine.devices == 1 || flow.size() == 0) return;
    uint32_t& device = plan.device[flow.units().leader[draws.below(flow.units().count())]];
    device = (device + 1 + draws.below(machine.devices - 1)) % machine.devices;
    return;
  }
  if (flow.ops().empty()) return;
  const NodeId op = flow.ops()[draws.below(static_cast<uint32_t>(flow.ops().size()))];
  if (kind == Decision::schedule)
    plan.schedule_level[op] = drawn_schedule_level(space, draws);
  else
    plan.fusion_level[op] = drawn_fusion_level(space, draws);
}

}  // namespace timetrial
