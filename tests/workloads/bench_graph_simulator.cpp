// Simulator runs a second: graphs of 300, 1000 and 3000 nodes on 2 and 4 devices, without fusion and with;
// and what building a plan by each rule takes.

#include <map>

#include <benchmark/benchmark.h>

#include "layered_graph.h"
#include "workloads/graph_optimizer/simulator/baselines/fusion_rules.h"
#include "workloads/graph_optimizer/simulator/baselines/heft.h"
#include "workloads/graph_optimizer/simulator/rollouts.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

constexpr uint64_t kPlans = 16;  // different ones, one after the other, as rollouts are

// About so many nodes: 16 ops a layer, beside them a weight, its update and a few views.
const Dataflow& graph_of(int64_t nodes) {
  static std::map<int64_t, Dataflow> made;
  const LayeredGraphShape shape{static_cast<uint32_t>(nodes / 22), 16, 100'000'000, 4'000'000};
  return made.try_emplace(nodes, layered_graph(shape, 1)).first->second;
}

Machine machine_of(int64_t devices) {
  Machine machine;
  machine.devices = static_cast<uint32_t>(devices);
  return machine;
}

std::vector<Plan> plans_for(const Dataflow& flow, const Machine& machine, bool fused) {
  std::vector<Plan> plans;
  for (uint64_t seed = 0; seed < kPlans; ++seed) {
    plans.push_back(any_plan(flow.size(), machine.devices, seed));
    if (!fused) plans.back().fusion_level.clear();
  }
  return plans;
}

// nodes, devices, fused
void simulate(benchmark::State& state) {
  const Dataflow& flow = graph_of(state.range(0));
  const Machine machine = machine_of(state.range(1));
  const std::vector<Plan> plans = plans_for(flow, machine, state.range(2) != 0);
  Simulator simulator(flow, machine);
  size_t next = 0;
  uint32_t kernels = 0;
  for (auto _ : state) kernels = simulator.run(plans[next++ % kPlans]).kernels;
  state.SetItemsProcessed(state.iterations());
  state.counters["nodes"] = flow.size();
  state.counters["kernels"] = kernels;
}
BENCHMARK(simulate)->ArgsProduct({{300, 1000, 3000}, {2, 4}, {0, 1}})->Unit(benchmark::kMicrosecond);

// Most things fused: everything on one device, all producers at the same level.
void simulate_all_fused(benchmark::State& state) {
  const Dataflow& flow = graph_of(state.range(0));
  Plan plan;
  plan.fusion_level.assign(flow.size(), 0);
  Simulator simulator(flow, machine_of(2));
  for (auto _ : state) benchmark::DoNotOptimize(simulator.run(plan));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(simulate_all_fused)->Arg(300)->Arg(1000)->Arg(3000)->Unit(benchmark::kMicrosecond);

// nodes, threads: 16 plans with fusion on four devices
void rollouts(benchmark::State& state) {
  const Dataflow& flow = graph_of(state.range(0));
  const std::vector<Plan> plans = plans_for(flow, machine_of(4), true);
  Rollouts all(flow, machine_of(4), static_cast<size_t>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(all.run(plans));
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kPlans));
}
BENCHMARK(rollouts)->ArgsProduct({{300, 3000}, {1, 2}})->Unit(benchmark::kMicrosecond)->UseRealTime();

void heft_plan(benchmark::State& state) {
  const Dataflow& flow = graph_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(heft(flow, machine_of(4)));
}
BENCHMARK(heft_plan)->Arg(3000)->Unit(benchmark::kMicrosecond);

void greedy_fusion_plan(benchmark::State& state) {
  const Dataflow& flow = graph_of(state.range(0));
  for (auto _ : state)
    benchmark::DoNotOptimize(with_greedy_fusion({}, FusionGain::saved_time, flow, machine_of(4)));
}
BENCHMARK(greedy_fusion_plan)->Arg(3000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace timetrial
