#include "workloads/graph_optimizer/simulator/baselines/heft.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "workloads/graph_optimizer/simulator/kernel_graph.h"

namespace timetrial {
namespace {

constexpr uint32_t kNowhere = std::numeric_limits<uint32_t>::max();

struct Busy {
  int64_t start_ps, end_ps;
};

// The first time from `ready_ps` on at which a device has `duration_ps` free in one piece.
int64_t first_gap(const std::vector<Busy>& busy, int64_t ready_ps, int64_t duration_ps) {
  int64_t start = ready_ps;
  for (const Busy& taken : busy) {
    if (start + duration_ps <= taken.start_ps) break;
    start = std::max(start, taken.end_ps);
  }
  return start;
}

std::vector<uint32_t> by_upward_rank(const KernelGraph& kernels, const Dataflow& flow,
                                     const Machine& machine) {
  std::vector<int64_t> rank(kernels.size());
  for (uint32_t kernel = kernels.size(); kernel-- > 0;) {
    const NodeId root = kernels.root[kernel];
    const int64_t sending = machine.devices > 1 ? transfer_ps(machine, flow.node(root).output_bytes) : 0;
    for (const uint32_t consumer : kernels.consumers[root])
      rank[kernel] = std::max(rank[kernel], rank[consumer] + sending);
    rank[kernel] += kernels.duration_ps[kernel];
  }
  std::vector<uint32_t> order(kernels.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&rank](uint32_t first, uint32_t second) { return rank[first] > rank[second]; });
  return order;
}

class HeftPlacement {
 public:
  HeftPlacement(const Dataflow& flow, const Machine& machine)
      : flow_(flow),
        machine_(machine),
        kernels_(unfused_kernels(flow, machine)),
        device_of_unit_(flow.units().count(), kNowhere),
        resident_of_unit_(flow.units().count()),
        resident_(machine.devices),
        busy_(machine.devices),
        start_(kernels_.size()),
        end_of_tensor_(flow.size()) {
    for (NodeId id = 0; id < flow.size(); ++id)
      resident_of_unit_[flow.units().unit_of[id]] += flow.node(id).resident_bytes;
  }

  Plan plan() {
    for (const uint32_t kernel : by_upward_rank(kernels_, flow_, machine_)) place(kernel);
    for (uint32_t& device : device_of_unit_)  // that no op is in or reads from
      if (device == kNowhere) device = 0;
    Plan plan;
    plan.device = devices_of_nodes(flow_.units(), device_of_unit_);
    plan.schedule_level.assign(flow_.size(), 0);
    std::vector<uint32_t> order(kernels_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [this](uint32_t first, uint32_t second) { return start_[first] < start_[second]; });
    for (size_t position = 0; position < order.size(); ++position)
      plan.schedule_level[kernels_.root[order[position]]] = static_cast<int32_t>(position);
    return plan;
  }

 private:
  uint32_t& device_of(NodeId id) { return device_of_unit_[flow_.units().unit_of[id]]; }

  void place(uint32_t kernel) {
    const NodeId op = kernels_.root[kernel];
    const int64_t duration = kernels_.duration_ps[kernel];
    const bool fixed = device_of(op) != kNowhere;
    uint32_t best = fixed ? device_of(op) : kNowhere;
    int64_t best_start = fixed ? start_on(kernel, best) : 0;
    bool best_fits = false;
    for (uint32_t device = 0; !fixed && device < machine_.devices; ++device) {
      const int64_t start = start_on(kernel, device);
      const bool fits = fits_on(kernel, device);
      if (best != kNowhere && (fits != best_fits ? best_fits : start >= best_start)) continue;
      best = device;
      best_start = start;
      best_fits = fits;
    }
    settle(flow_.units().unit_of[op], best);
    for (const NodeId tensor : kernels_.inputs[kernel]) settle(flow_.units().unit_of[tensor], best);
    auto& busy = busy_[best];
    busy.insert(std::upper_bound(busy.begin(), busy.end(), best_start,
                                 [](int64_t time, const Busy& taken) { return time < taken.start_ps; }),
                {best_start, best_start + duration});
    start_[kernel] = best_start;
    end_of_tensor_[op] = best_start + duration;
  }

  // Equal devices and durations: where it starts first it ends first.
  int64_t start_on(uint32_t kernel, uint32_t device) {
    int64_t ready = 0;
    for (const NodeId tensor : kernels_.inputs[kernel]) {
      const uint32_t home = device_of(tensor);
      const bool here = home == kNowhere || home == device;
      const int64_t sending = here ? 0 : transfer_ps(machine_, flow_.node(tensor).output_bytes);
      ready = std::max(ready, end_of_tensor_[tensor] + sending);
    }
    return first_gap(busy_[device], ready, kernels_.duration_ps[kernel]);
  }

  bool fits_on(uint32_t kernel, uint32_t device) {
    int64_t needed = resident_[device];
    std::vector<uint32_t> units = {flow_.units().unit_of[kernels_.root[kernel]]};
    for (const NodeId tensor : kernels_.inputs[kernel]) units.push_back(flow_.units().unit_of[tensor]);
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
    for (const uint32_t unit : units)
      if (device_of_unit_[unit] == kNowhere) needed += resident_of_unit_[unit];
    return needed <= machine_.memory_bytes;
  }

  void settle(uint32_t unit, uint32_t device) {
    if (device_of_unit_[unit] != kNowhere) return;
    device_of_unit_[unit] = device;
    resident_[device] += resident_of_unit_[unit];
  }

  const Dataflow& flow_;
  const Machine& machine_;
  const KernelGraph kernels_;
  std::vector<uint32_t> device_of_unit_;
  std::vector<int64_t> resident_of_unit_, resident_;  // of units, on devices
  std::vector<std::vector<Busy>> busy_;               // of every device, by start
  std::vector<int64_t> start_;                        // of every kernel
  std::vector<int64_t> end_of_tensor_;                // 0 for parameters
};

}  // namespace

Plan heft(const Dataflow& flow, const Machine& machine) {
  return HeftPlacement(flow, machine).plan();
}

}  // namespace timetrial
