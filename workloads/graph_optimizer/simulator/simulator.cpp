#include "workloads/graph_optimizer/simulator/simulator.h"

#include <algorithm>

namespace timetrial {
namespace {

const Machine& validated_machine(const Machine& machine) {
  validate(machine);
  return machine;
}

}  // namespace

Simulator::Simulator(const Dataflow& flow, const Machine& machine)
    : flow_(flow),
      machine_(validated_machine(machine)),
      fusion_(flow),
      scheduler_(flow, machine),
      unfused_(unfused_kernels(flow, machine)) {}

SimulationResult Simulator::run(const Plan& plan, Timeline* timeline) {
  const KernelGraph& kernels = kernels_of(plan);
  return scheduler_.run({kernels, devices_, plan.schedule_level}, timeline);
}

const KernelGraph& Simulator::kernels_of(const Plan& plan) {
  validate(plan, flow_.size(), machine_);
  resolve_devices(plan, flow_.units(), devices_);
  if (!fuse_by_levels(plan)) return unfused_;
  fusion_.write(machine_, fused_);
  return fused_;
}

bool Simulator::fuse_by_levels(const Plan& plan) {
  if (plan.fusion_level.empty()) return false;
  producers_.clear();
  for (const NodeId op : flow_.ops())
    if (plan.fusion_level[op] >= 0) producers_.push_back(op);
  if (producers_.empty()) return false;
  std::sort(producers_.begin(), producers_.end(), [&plan](NodeId first, NodeId second) {
    const int32_t left = plan.fusion_level[first], right = plan.fusion_level[second];
    return left != right ? left < right : first < second;
  });
  fusion_.restart(devices_);
  for (const NodeId producer : producers_) fusion_.fuse(producer);
  return true;
}

}  // namespace timetrial
