#include "workloads/graph_optimizer/simulator/kernel_graph.h"

#include <stdexcept>

namespace timetrial {
namespace {

// Adds up non-negative times.
class BoundedTime {
 public:
  void add(int64_t time_ps) {
    if (time_ps > kLongestStepPs - sum_ps_)
      throw std::logic_error("a graph's step takes too long to be simulated");
    sum_ps_ += time_ps;
  }

 private:
  int64_t sum_ps_ = 0;
};

}  // namespace

void check_durations(const KernelGraph& kernels) {
  BoundedTime all;
  for (const int64_t duration : kernels.duration_ps) all.add(duration);
}

KernelGraph unfused_kernels(const Dataflow& flow, const Machine& machine) {
  KernelGraph kernels;
  kernels.root.assign(flow.ops().begin(), flow.ops().end());
  kernels.members.assign(kernels.root.size(), 1);
  for (const NodeId op : flow.ops()) {
    kernels.cost.push_back(flow.op_cost(op));
    kernels.duration_ps.push_back(kernel_ps(machine, kernels.cost.back()));
    for (const NodeId tensor : flow.inputs(op)) kernels.inputs.add(tensor);
    kernels.inputs.end_row();
  }
  kernels.consumers.assign_inverse(kernels.inputs, flow.size());
  check_durations(kernels);
  BoundedTime transfers;
  for (const CostNode& node : flow.graph().nodes) transfers.add(transfer_ps(machine, node.output_bytes));
  return kernels;
}

}  // namespace timetrial
