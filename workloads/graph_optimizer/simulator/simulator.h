#pragma once

// What one training step of a graph would take under a plan. The task is that of GO (arXiv 2010.12438):
// placement, fusion and schedule of every node, judged here by an analytical model of a machine that is made
// up (machine.h).

#include <vector>

#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/fusion.h"
#include "workloads/graph_optimizer/simulator/list_scheduler.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// Placement, then fusion, then the schedule of the fused kernels. Results depend on graph, machine and plan
// alone, down to the last bit. One object a thread; used again for plan after plan it hardly allocates.
class Simulator {
 public:
  // `flow` must outlive it; simulators of several threads may share it. Throws what validate(machine) and
  // unfused_kernels throw.
  Simulator(const Dataflow& flow, const Machine& machine);

  // Throws what validate(plan) throws, and std::logic_error when fusion makes the step too long. `timeline`,
  // where given, is filled with what happened when.
  SimulationResult run(const Plan& plan, Timeline* timeline = nullptr);

  // The kernels and the devices of nodes that the plan leads to, as of the last call of run() or
  // kernels_of().
  const KernelGraph& kernels_of(const Plan& plan);
  const std::vector<uint32_t>& devices() const { return devices_; }

  const Dataflow& flow() const { return flow_; }
  const Machine& machine() const { return machine_; }

 private:
  // Fuses by levels; whether anything was to be tried.
  bool fuse_by_levels(const Plan& plan);

  const Dataflow& flow_;
  const Machine machine_;
  Fusion fusion_;
  ListScheduler scheduler_;
  const KernelGraph unfused_;
  KernelGraph fused_;
  std::vector<uint32_t> devices_;
  std::vector<NodeId> producers_;  // in the order in which fusing them is tried
};

}  // namespace timetrial
