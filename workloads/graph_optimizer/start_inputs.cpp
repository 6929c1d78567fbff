#include "workloads/graph_optimizer/start_inputs.h"

#include <algorithm>
#include <cmath>

#include "workloads/graph_optimizer/simulator/op_cost.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

constexpr double kWindowShare = 0.02;

float share_of(double part, double whole) {
  return whole > 0 ? static_cast<float>(part / whole) : 0.0F;
}

float signed_root(double part, double whole) {
  const float share = share_of(part, whole);
  return std::copysign(std::sqrt(std::abs(share)), share);
}

struct Span {
  int64_t start_ps = 0, end_ps = 0;
};

// The simulated step, looked at from every side.
class StartedStep {
 public:
  StartedStep(const OptimizerGraph& graph, const Dataflow& flow, const Plan& start)
      : graph_(graph),
        flow_(flow),
        simulator_(flow, graph.machine),
        spans_(flow.size()),
        slack_ps_(flow.size()) {
    Timeline timeline;
    result_ = simulator_.run(start, &timeline);
    device_ = simulator_.devices();
    std::vector<bool> is_root(flow.size());
    busy_.resize(graph.machine.devices);
    for (const KernelSpan& kernel : timeline.kernels) {
      spans_[kernel.root] = {kernel.start_ps, kernel.end_ps};
      is_root[kernel.root] = true;
      busy_[kernel.device].push_back({kernel.start_ps, kernel.end_ps});
    }
    find_slack(timeline, start);
    fused_away_.resize(flow.size());
    for (NodeId id = flow.size(); id-- > 0;)
      if (flow.is_op(id) && !is_root[id]) follow_first_consumer(id);
  }

  TimeInputs times_of(NodeId id) const {
    const auto whole = static_cast<double>(result_.makespan_ps);
    if (!flow_.is_op(id)) return {};
    const Span& span = spans_[id];
    const auto root = [&](int64_t part) { return signed_root(static_cast<double>(part), whole); };
    return {share_of(static_cast<double>(span.start_ps), whole),
            share_of(static_cast<double>(span.end_ps), whole),
            root(slack_ps_[id]),
            root(std::max<int64_t>(0, span.start_ps - ready_ps(id, device_[id]))),
            root(span.end_ps - span.start_ps),
            fused_away_[id] ? 1.0F : 0.0F};
  }

  DeviceInputs devices_of(NodeId id) const {
    DeviceInputs rows = {};
    const uint32_t own = device_[id];
    const int64_t own_ready = ready_ps(id, own);
    for (uint32_t device = 0; device < graph_.machine.devices; ++device) {
      auto& row = rows[device];
      row[0] = device == own ? 1.0F : 0.0F;
      row[1] = signed_root(static_cast<double>(ready_ps(id, device) - own_ready),
                           static_cast<double>(result_.makespan_ps));
      row[2] = idle_share(id, device);
      row[3] = operand_share(id, device);
      row[4] = consumer_share(id, device);
      row[5] = share_of(static_cast<double>(result_.busy_ps[device]), static_cast<double>(total_busy()));
      row[6] = share_of(static_cast<double>(result_.peak_bytes[device]),
                        static_cast<double>(graph_.machine.memory_bytes));
      row[7] = 1;
    }
    return rows;
  }

 private:
  void follow_first_consumer(NodeId id) {
    fused_away_[id] = true;
    bool found = false;
    for (const NodeId consumer : flow_.consumers(id)) {
      if (found && spans_[consumer].start_ps >= spans_[id].start_ps) continue;
      spans_[id] = spans_[consumer];
      slack_ps_[id] = slack_ps_[consumer];
      found = true;
    }
  }

  // From the last kernel to the first: the latest end that delays neither a reader nor the device's next.
  void find_slack(const Timeline& timeline, const Plan& start) {
    const KernelGraph& kernels = simulator_.kernels_of(start);
    std::vector<int64_t> latest_start(flow_.size());
    std::vector<int64_t> next_on_device(graph_.machine.devices, result_.makespan_ps);
    for (size_t i = timeline.kernels.size(); i-- > 0;) {
      const KernelSpan& kernel = timeline.kernels[i];
      int64_t latest = next_on_device[kernel.device];
      for (const uint32_t reader : kernels.consumers[kernel.root]) {
        const NodeId root = kernels.root[reader];
        const int64_t sent = device_[root] == kernel.device ? 0 : sending_ps(kernel.root);
        latest = std::min(latest, latest_start[root] - sent);
      }
      slack_ps_[kernel.root] = std::max<int64_t>(0, latest - kernel.end_ps);
      latest_start[kernel.root] = latest - (kernel.end_ps - kernel.start_ps);
      next_on_device[kernel.device] = latest_start[kernel.root];
    }
  }

  int64_t sending_ps(NodeId tensor) const { return transfer_ps(graph_.machine, flow_.output_bytes(tensor)); }

  bool moves_along(NodeId id, NodeId operand) const {
    const auto& unit_of = flow_.units().unit_of;
    return unit_of[id] == unit_of[operand];
  }

  int64_t ready_ps(NodeId id, uint32_t device) const {
    int64_t ready = 0;
    if (!flow_.is_op(id)) return ready;
    for (const NodeId tensor : flow_.inputs(id)) {
      const bool there = moves_along(id, tensor) || device_[tensor] == device;
      ready = std::max(ready, spans_[tensor].end_ps + (there ? 0 : sending_ps(tensor)));
    }
    return ready;
  }

  float idle_share(NodeId id, uint32_t device) const {
    if (!flow_.is_op(id)) return 0;
    const auto margin = static_cast<int64_t>(kWindowShare * static_cast<double>(result_.makespan_ps));
    const int64_t from = std::max<int64_t>(0, spans_[id].start_ps - margin);
    const int64_t to = std::min(result_.makespan_ps, spans_[id].end_ps + margin);
    int64_t busy = 0;
    for (const Span& span : busy_[device])
      busy += std::max<int64_t>(0, std::min(to, span.end_ps) - std::max(from, span.start_ps));
    return 1 - share_of(static_cast<double>(busy), static_cast<double>(to - from));
  }

  float operand_share(NodeId id, uint32_t device) const {
    if (!flow_.is_op(id)) return 0;
    double there = 0, all = 0;
    for (const NodeId tensor : flow_.inputs(id)) {
      const auto bytes = static_cast<double>(flow_.output_bytes(tensor));
      all += bytes;
      if (device_[tensor] == device) there += bytes;
    }
    return share_of(there, all);
  }

  float consumer_share(NodeId id, uint32_t device) const {
    double there = 0, all = 0;
    for (const NodeId consumer : flow_.consumers(id)) {
      all += 1;
      if (device_[consumer] == device) there += 1;
    }
    return share_of(there, all);
  }

  int64_t total_busy() const {
    int64_t total = 0;
    for (const int64_t busy : result_.busy_ps) total += busy;
    return total;
  }

  const OptimizerGraph& graph_;
  const Dataflow& flow_;
  Simulator simulator_;
  SimulationResult result_;
  std::vector<uint32_t> device_;
  std::vector<Span> spans_;  // of every node
  std::vector<int64_t> slack_ps_;
  std::vector<bool> fused_away_;
  std::vector<std::vector<Span>> busy_;  // of every device
};

}  // namespace

StartInputs start_inputs(const OptimizerGraph& graph, const Dataflow& flow, const Plan& start) {
  const StartedStep step(graph, flow, start);
  StartInputs inputs;
  for (NodeId id = 0; id < flow.size(); ++id) {
    inputs.times.push_back(step.times_of(id));
    inputs.devices.push_back(step.devices_of(id));
  }
  return inputs;
}

}  // namespace timetrial
