#include "workloads/graph_optimizer/simulator/baselines/baseline_table.h"

#include <stdexcept>
#include <utility>

#include "workloads/graph_optimizer/simulator/baselines/contiguous_split.h"
#include "workloads/graph_optimizer/simulator/baselines/critical_path.h"
#include "workloads/graph_optimizer/simulator/baselines/expert_layers.h"
#include "workloads/graph_optimizer/simulator/baselines/fusion_rules.h"
#include "workloads/graph_optimizer/simulator/baselines/heft.h"
#include "workloads/graph_optimizer/simulator/baselines/metis_partition.h"
#include "workloads/graph_optimizer/simulator/baselines/one_device.h"
#include "workloads/graph_partition/metis_parts.h"

namespace timetrial {
namespace {

struct NamedPlan {
  std::string name;
  Plan plan;
};

std::vector<NamedPlan> placements(const Dataflow& flow, const Machine& machine, const PlanSpace& space) {
  std::vector<NamedPlan> plans = {{"one device", one_device()}};
  if (!space.placement) return plans;
  plans.push_back({"contiguous", contiguous_split(flow, machine)});
  plans.push_back({"expert", expert_layers(flow, machine)});
  if (has_metis()) plans.push_back({"metis", metis_partition(flow, machine)});
  plans.push_back({"heft", heft(flow, machine)});
  return plans;
}

std::vector<NamedPlan> fusions(const NamedPlan& placed, const Dataflow& flow, const Machine& machine,
                               const PlanSpace& space) {
  std::vector<NamedPlan> plans = {placed};
  if (!space.fusion) return plans;
  plans.push_back({placed.name + ", fused by saved bytes",
                   with_greedy_fusion(placed.plan, FusionGain::saved_bytes, flow, machine)});
  plans.push_back({placed.name + ", fused by saved time",
                   with_greedy_fusion(placed.plan, FusionGain::saved_time, flow, machine)});
  return plans;
}

// A plan that brings levels of its own (HEFT's) keeps them as one more schedule.
std::vector<NamedPlan> schedules(NamedPlan fused, Simulator& simulator, const PlanSpace& space) {
  std::vector<NamedPlan> plans;
  if (space.schedule) {
    if (!fused.plan.schedule_level.empty()) plans.push_back({fused.name + ", own order", fused.plan});
    plans.push_back({fused.name + ", critical path", with_critical_path_schedule(fused.plan, simulator)});
  }
  fused.plan.schedule_level.clear();
  plans.push_back(std::move(fused));
  return plans;
}

}  // namespace

std::vector<ScoredBaseline> heuristic_baselines(Simulator& simulator, const PlanSpace& space) {
  std::vector<ScoredBaseline> scored;
  for (const NamedPlan& placed : placements(simulator.flow(), simulator.machine(), space))
    for (const NamedPlan& fused : fusions(placed, simulator.flow(), simulator.machine(), space))
      for (NamedPlan& whole : schedules(fused, simulator, space)) {
        SimulationResult result = simulator.run(whole.plan);
        scored.push_back({std::move(whole.name), std::move(whole.plan), std::move(result)});
      }
  return scored;
}

const ScoredBaseline& best_of(const std::vector<ScoredBaseline>& baselines) {
  if (baselines.empty()) throw std::logic_error("there is no best of no baselines");
  const ScoredBaseline* best = &baselines.front();
  for (const ScoredBaseline& baseline : baselines)
    if (merit(baseline.result) < merit(best->result)) best = &baseline;
  return *best;
}

}  // namespace timetrial
