// What holds for any graph and any plan.

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layered_graph.h"
#include "plain_simulation.h"
#include "workloads/graph_optimizer/simulator/baselines/lower_bound.h"
#include "workloads/graph_optimizer/simulator/rollouts.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

// A machine on which launches, arithmetic, memory and links all weigh about the same for layered_graph().
Machine even_machine(uint32_t devices) {
  Machine machine = easy_machine(devices);
  machine.memory_bandwidth = 2 * kTicksPerSecond;
  machine.memory_bytes = 1000;
  return machine;
}

// Calls `check` with many graphs and plans.
template <typename Check>
void for_many_plans(Check&& check) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const LayeredGraphShape shape{2 + static_cast<uint32_t>(seed % 4), 2 + static_cast<uint32_t>(seed % 5),
                                  200, 100};
    const Dataflow flow(layered_graph(shape, seed));
    const Machine machine = even_machine(1 + static_cast<uint32_t>(seed % 4));
    Simulator simulator(flow, machine);
    for (uint64_t draw = 0; draw < 6; ++draw) {
      SCOPED_TRACE(testing::Message() << "graph " << seed << ", plan " << draw);
      Plan plan = any_plan(flow.size(), machine.devices, 1000 * seed + draw);
      if (draw % 3 == 0) plan.fusion_level.clear();
      if (draw % 3 == 1) plan.schedule_level.clear();
      check(simulator, plan);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(GraphSimulatorProperties, AgreesWithThePlainestSimulation) {
  for_many_plans([](Simulator& simulator, const Plan& plan) {
    Timeline timeline;
    const SimulationResult result = simulator.run(plan, &timeline);
    const KernelGraph kernels = simulator.kernels_of(plan);
    const PlainSimulation plain(simulator.flow(), simulator.machine(), kernels, simulator.devices(),
                                plan.schedule_level);
    EXPECT_EQ(timeline, plain.timeline);
    EXPECT_EQ(result.peak_bytes, plain.peaks());
    int64_t excess = 0, end = 0, sent = 0;
    for (const int64_t peak : plain.peaks())
      excess += std::max<int64_t>(0, peak - simulator.machine().memory_bytes);
    for (const KernelSpan& span : plain.timeline.kernels) end = std::max(end, span.end_ps);
    for (const TransferSpan& span : plain.timeline.transfers)
      sent += simulator.flow().node(span.tensor).output_bytes;
    EXPECT_EQ(result.excess_bytes, excess);
    EXPECT_EQ(result.makespan_ps, end);
    EXPECT_EQ(result.transferred_bytes, sent);
    EXPECT_EQ(result.kernels, plain.timeline.kernels.size());
    EXPECT_EQ(result.transfers, plain.timeline.transfers.size());
  });
}

TEST(GraphSimulatorProperties, NoPlanIsFasterThanTheBoundOfItsKernels) {
  for_many_plans([](Simulator& simulator, const Plan& plan) {
    const SimulationResult result = simulator.run(plan);
    const LowerBound bound = lower_bound(simulator.kernels_of(plan), simulator.machine());
    EXPECT_GE(result.makespan_ps, bound.makespan_ps());
    EXPECT_GT(bound.makespan_ps(), 0);
    int64_t work = 0;
    for (const int64_t busy : result.busy_ps) work += busy;
    if (simulator.machine().devices == 1) {
      EXPECT_EQ(result.makespan_ps, work) << "one device is never idle";
    }
  });
}

TEST(GraphSimulatorProperties, FusedKernelsComputeEveryOpThatIsNeededAndHaveNoCycle) {
  for_many_plans([](Simulator& simulator, const Plan& plan) {
    const Dataflow& flow = simulator.flow();
    Fusion fusion(flow);
    simulator.kernels_of(plan);
    fusion.restart(simulator.devices());
    for (NodeId id = 0; id < flow.size(); id += 2) fusion.fuse(id);
    for (NodeId id = 1; id < flow.size(); id += 2) fusion.fuse(id);
    std::set<NodeId> computed;
    for (const NodeId root : flow.ops()) {
      if (!fusion.is_kernel(root)) continue;
      const auto members = fusion.members(root);
      EXPECT_EQ(members.back(), root);
      EXPECT_LE(members.size(), kMostFusedMembers);
      int reductions = 0;
      std::set<NodeId> inputs;
      for (const NodeId member : members) {
        computed.insert(member);
        reductions += flow.node(member).kind == NodeKind::reduce ? 1 : 0;
        EXPECT_EQ(simulator.devices()[member], simulator.devices()[root]);
        EXPECT_TRUE(members.size() == 1 || flow.node(member).fusible);
        for (const NodeId input : flow.inputs(member))
          if (!std::binary_search(members.begin(), members.end(), input)) inputs.insert(input);
      }
      EXPECT_LE(reductions, 1);
      EXPECT_THAT(fusion.inputs(root), testing::ElementsAreArray(inputs));
      for (const NodeId input : inputs) {
        EXPECT_LT(input, root) << "earlier in the topological order";
        if (!takes_time(flow.node(input))) continue;
        EXPECT_TRUE(fusion.is_kernel(input)) << "what is read is written";
        const auto consumers = fusion.consumers(input);
        EXPECT_TRUE(std::binary_search(consumers.begin(), consumers.end(), root));
      }
    }
    EXPECT_EQ(computed.size(), flow.ops().size());
  });
}

TEST(GraphSimulatorProperties, UnfusedKernelsAreWhatAFusionStartsFrom) {
  const Dataflow flow(layered_graph({}, 1));
  const Machine machine = even_machine(2);
  KernelGraph written;
  Fusion(flow).write(machine, written);
  const KernelGraph unfused = unfused_kernels(flow, machine);
  EXPECT_EQ(written.root, unfused.root);
  EXPECT_EQ(written.members, unfused.members);
  EXPECT_EQ(written.duration_ps, unfused.duration_ps);
  for (uint32_t kernel = 0; kernel < unfused.size(); ++kernel)
    EXPECT_THAT(written.inputs[kernel], testing::ElementsAreArray(unfused.inputs[kernel]));
  for (NodeId id = 0; id < flow.size(); ++id)
    EXPECT_THAT(written.consumers[id], testing::ElementsAreArray(unfused.consumers[id]));
}

// The best of all placements, each with all schedules of two levels for the first four ops. Devices are
// alike: the first unit stays on device 0.
Merit best_plan(const Dataflow& flow, const Machine& machine) {
  Simulator simulator(flow, machine);
  const uint32_t units = flow.units().count();
  const size_t ops = std::min<size_t>(flow.ops().size(), 4);
  uint64_t placements = 1;
  for (uint32_t unit = 1; unit < units; ++unit) placements *= machine.devices;
  Merit best{kUnlimitedMemory, 0};
  std::vector<uint32_t> device(units);
  for (uint64_t placement = 0; placement < placements; ++placement) {
    uint64_t digits = placement;
    for (uint32_t unit = 1; unit < units; ++unit) {
      device[unit] = static_cast<uint32_t>(digits % machine.devices);
      digits /= machine.devices;
    }
    Plan plan;
    plan.device = devices_of_nodes(flow.units(), device);
    plan.schedule_level.assign(flow.size(), 0);
    for (uint64_t levels = 0; levels < uint64_t{1} << ops; ++levels) {
      for (size_t i = 0; i < ops; ++i)
        plan.schedule_level[flow.ops()[i]] = static_cast<int32_t>(levels >> i & 1);
      best = std::min(best, merit(simulator.run(plan)));
    }
  }
  return best;
}

TEST(GraphSimulatorProperties, AnotherDeviceNeverHurtsTheBestPlan) {
  uint32_t helped = 0;
  for (uint64_t seed = 0; seed < 4; ++seed) {
    const Dataflow flow(layered_graph({2, 2, 400, 30}, seed));
    Machine machine = even_machine(1);
    machine.memory_bytes = 140;
    const Merit one = best_plan(flow, machine);
    machine.devices = 2;
    const Merit two = best_plan(flow, machine);
    machine.devices = 3;
    const Merit three = best_plan(flow, machine);
    EXPECT_LE(two, one) << "graph " << seed;
    EXPECT_LE(three, two) << "graph " << seed;
    helped += two < one ? 1 : 0;
  }
  EXPECT_GT(helped, 0U) << "graphs for which a second device is of no use say little";
}

TEST(GraphSimulatorProperties, AnUsedSimulatorSaysWhatANewOneSays) {
  const Dataflow flow(layered_graph({6, 6, 200, 100}, 3));
  const Machine machine = even_machine(3);
  Simulator used(flow, machine);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Plan plan = any_plan(flow.size(), 3, seed);
    Timeline first, second;
    EXPECT_EQ(used.run(plan, &first), Simulator(flow, machine).run(plan, &second));
    EXPECT_EQ(first, second);
    EXPECT_EQ(used.run(plan), used.run(plan));
  }
}

TEST(Rollouts, GiveTheSameForAnyNumberOfThreads) {
  const Dataflow flow(layered_graph({8, 6, 200, 100}, 4));
  const Machine machine = even_machine(4);
  std::vector<Plan> plans;
  for (uint64_t seed = 0; seed < 37; ++seed) plans.push_back(any_plan(flow.size(), 4, seed));
  std::vector<SimulationResult> expected;
  for (const Plan& plan : plans) expected.push_back(Simulator(flow, machine).run(plan));
  for (const size_t threads : {1U, 2U, 3U, 8U, 64U}) {
    Rollouts rollouts(flow, machine, threads);
    EXPECT_EQ(rollouts.run(plans), expected) << threads;
    EXPECT_EQ(rollouts.run(plans), expected) << threads << ", once more";
    EXPECT_TRUE(rollouts.run({}).empty());
  }
}

TEST(Rollouts, ThrowForTheFirstPlanThatIsWrong) {
  const Dataflow flow(layered_graph({}, 5));
  std::vector<Plan> plans(20);
  plans[7].device = {0};
  plans[13].device.assign(flow.size(), 9);
  Rollouts rollouts(flow, even_machine(2), 3);
  try {
    rollouts.run(plans);
    ADD_FAILURE() << "no exception";
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("has 1 numbers"));
  }
  EXPECT_THROW(Rollouts(flow, even_machine(2), 0), std::logic_error);
}

// The numbers of one graph and plan, so that a change of any rule is seen, and another machine or compiler
// that computes something else.
TEST(GraphSimulatorProperties, AreTheSameNumbersEverywhere) {
  const Dataflow flow(layered_graph({10, 10, 2'000'000'000, 40'000'000}, 6));
  Machine machine;
  machine.devices = 4;
  machine.memory_bytes = 360'000'000;
  const SimulationResult result = Simulator(flow, machine).run(any_plan(flow.size(), 4, 7));
  EXPECT_EQ(result.makespan_ps, 24'532'942'948);
  EXPECT_EQ(result.transferred_bytes, 2'707'288'950);
  EXPECT_THAT(result.peak_bytes, testing::ElementsAre(366'363'453, 367'831'511, 223'878'726, 359'160'804));
  EXPECT_EQ(result.excess_bytes, 6'363'453 + 7'831'511);
}

}  // namespace
}  // namespace timetrial
