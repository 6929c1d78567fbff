#include "workloads/graph_optimizer/simulator/baselines/fusion_rules.h"

#include <set>
#include <utility>
#include <vector>

namespace timetrial {
namespace {

class GreedyFusion {
 public:
  GreedyFusion(FusionGain gain, const Dataflow& flow, const Machine& machine,
               std::span<const uint32_t> devices)
      : gain_(gain), machine_(machine), fusion_(flow), gains_(flow.size()) {
    fusion_.restart(devices);
    for (const NodeId op : flow.ops()) look_again(op);
  }

  // Producers in the order in which they were fused.
  std::vector<NodeId> run() {
    std::vector<NodeId> fused;
    while (!candidates_.empty()) {
      const NodeId producer = candidates_.begin()->second;
      const auto consumers = fusion_.consumers(producer);
      const std::vector<NodeId> changed(consumers.begin(), consumers.end());
      fusion_.fuse(producer);
      fused.push_back(producer);
      look_again(producer);
      for (const NodeId consumer : changed) {
        look_again(consumer);
        for (const NodeId input : fusion_.inputs(consumer)) look_again(input);
      }
    }
    return fused;
  }

 private:
  int64_t measure(const KernelCost& cost) const {
    return gain_ == FusionGain::saved_bytes ? cost.bytes : kernel_ps(machine_, cost);
  }

  int64_t gain_of(NodeId producer) {
    int64_t gain = measure(fusion_.cost(producer));
    for (const NodeId consumer : fusion_.consumers(producer))
      gain += measure(fusion_.cost(consumer)) - measure(fusion_.cost_if_fused(producer, consumer));
    return gain;
  }

  // Puts an op where it now belongs among the candidates, or nowhere.
  void look_again(NodeId op) {
    candidates_.erase({-gains_[op], op});
    gains_[op] = fusion_.refusal(op) == FusionRefusal::none ? gain_of(op) : 0;
    if (gains_[op] > 0) candidates_.insert({-gains_[op], op});
  }

  const FusionGain gain_;
  const Machine& machine_;
  Fusion fusion_;
  std::vector<int64_t> gains_;                       // of every node; 0: no candidate
  std::set<std::pair<int64_t, NodeId>> candidates_;  // by descending gain, then id
};

}  // namespace

Plan with_greedy_fusion(Plan plan, FusionGain gain, const Dataflow& flow, const Machine& machine) {
  validate(plan, flow.size(), machine);
  std::vector<uint32_t> devices;
  resolve_devices(plan, flow.units(), devices);
  const std::vector<NodeId> order = GreedyFusion(gain, flow, machine, devices).run();
  plan.fusion_level.assign(flow.size(), kNeverFuse);
  for (size_t place = 0; place < order.size(); ++place)
    plan.fusion_level[order[place]] = static_cast<int32_t>(place);
  return plan;
}

}  // namespace timetrial
