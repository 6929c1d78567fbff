// Baselines by hand on easy_machine (see graph_builder.h): an op of F flops takes F + 10 ps, a transfer of B
// bytes 5 + B.

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expect_user_error.h"
#include "layered_graph.h"
#include "workloads/graph_optimizer/simulator/baselines/balanced_blocks.h"
#include "workloads/graph_optimizer/simulator/baselines/baseline_table.h"
#include "workloads/graph_optimizer/simulator/baselines/contiguous_split.h"
#include "workloads/graph_optimizer/simulator/baselines/critical_path.h"
#include "workloads/graph_optimizer/simulator/baselines/expert_layers.h"
#include "workloads/graph_optimizer/simulator/baselines/fusion_rules.h"
#include "workloads/graph_optimizer/simulator/baselines/heft.h"
#include "workloads/graph_optimizer/simulator/baselines/hill_climbing.h"
#include "workloads/graph_optimizer/simulator/baselines/lower_bound.h"
#include "workloads/graph_optimizer/simulator/baselines/metis_partition.h"
#include "workloads/graph_optimizer/simulator/baselines/one_device.h"
#include "workloads/graph_optimizer/simulator/baselines/random_placement.h"
#include "workloads/graph_optimizer/simulator/baselines/random_search.h"
#include "workloads/graph_optimizer/simulator/baselines/unit_graph.h"
#include "workloads/graph_partition/metis_parts.h"

namespace timetrial {
namespace {

using testing::ElementsAre;

bool same(const Plan& first, const Plan& second) {
  return first.device == second.device && first.schedule_level == second.schedule_level &&
         first.fusion_level == second.fusion_level;
}

TEST(BalancedBlocks, MakeTheMostExpensiveBlockCheap) {
  const std::vector<int64_t> costs = {100, 100, 300, 100};
  EXPECT_THAT(balanced_blocks(costs, 1), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(balanced_blocks(costs, 2), ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(balanced_blocks(costs, 3), ElementsAre(0, 0, 1, 2));
  EXPECT_THAT(balanced_blocks(costs, 9), ElementsAre(0, 0, 1, 2)) << "300 is the least in any case";
  EXPECT_THAT(balanced_blocks(std::vector<int64_t>{0, 0, 0}, 2), ElementsAre(0, 0, 0));
  EXPECT_TRUE(balanced_blocks({}, 2).empty());
}

TEST(LowerBound, IsTheLongestPathOrTheSharedWork) {
  CostGraphBuilder graph;
  const NodeId root = graph.op(90, 8, {});  // 100
  graph.op(190, 8, {root});                 // 200
  graph.op(90, 8, {root});                  // 100
  graph.op(11, 8, {});                      // 21
  const Dataflow flow(graph.graph);
  const LowerBound one = lower_bound(unfused_kernels(flow, easy_machine(1)), easy_machine(1));
  EXPECT_EQ(one.critical_path_ps, 300);
  EXPECT_EQ(one.shared_work_ps, 421);
  EXPECT_EQ(one.makespan_ps(), 421);
  const LowerBound two = lower_bound(unfused_kernels(flow, easy_machine(2)), easy_machine(2));
  EXPECT_EQ(two.shared_work_ps, 211);
  EXPECT_EQ(two.makespan_ps(), 300);
}

// Two layers: x -> a -> b with weights v and w, then gradients and updates beside their weights.
struct TwoLayers {
  TwoLayers() {
    v = graph.parameter(40, 0);
    w = graph.parameter(40, 1);
    a = graph.op(90, 10, {v});
    b = graph.op(90, 10, {a, w});
    w_gradient = graph.op(90, 40, {a, b}, 1);
    b_back = graph.op(90, 10, {b, w});
    v_gradient = graph.op(90, 40, {b_back}, 0);
    for (const NodeId id : {v, a, v_gradient}) graph.graph.nodes[id].layer = 0;
    for (const NodeId id : {w, b, w_gradient}) graph.graph.nodes[id].layer = 1;  // b_back says nothing
  }
  CostGraphBuilder graph;
  NodeId v, w, a, b, w_gradient, b_back, v_gradient;
};

TEST(ContiguousSplit, CutsWhereHalfTheWorkIsDone) {
  const TwoLayers two;
  const Dataflow flow(two.graph.graph);
  // In the order of anchors: v (100, its gradient) and a (100), both at a; w (100) and b (100) at b; b_back
  // (100). 300 and 200 is as even as it gets, the first block as full as may be.
  EXPECT_THAT(contiguous_split(flow, easy_machine(2)).device, ElementsAre(0, 0, 0, 1, 0, 1, 0));
}

TEST(ExpertLayers, KeepsALayerTogetherWithItsBackwardPart) {
  const TwoLayers two;
  const Dataflow flow(two.graph.graph);
  // b_back has no layer: it reads b first, so layer 1.
  EXPECT_THAT(expert_layers(flow, easy_machine(2)).device, ElementsAre(0, 1, 0, 1, 1, 1, 0));
  EXPECT_THAT(expert_layers(flow, easy_machine(1)).device, ElementsAre(0, 0, 0, 0, 0, 0, 0));
}

TEST(ExpertLayers, AWeightWithoutALayerGoesWithTheOpThatReadsIt) {
  TwoLayers two;
  for (const NodeId id : {two.v, two.v_gradient, two.w, two.w_gradient})
    two.graph.graph.nodes[id].layer = kOutsideLayers;
  EXPECT_THAT(expert_layers(Dataflow(two.graph.graph), easy_machine(2)).device,
              ElementsAre(0, 1, 0, 1, 1, 1, 0));
}

TEST(ExpertLayers, WithoutLayersEverythingStaysTogether) {
  CostGraphBuilder graph;
  graph.op(90, 10, {graph.op(90, 10, {})});
  EXPECT_THAT(expert_layers(Dataflow(graph.graph), easy_machine(2)).device, ElementsAre(0, 0));
}

TEST(UnitGraph, CountsATensorOnceForEveryUnitThatReadsIt) {
  const TwoLayers two;
  const Dataflow flow(two.graph.graph);  // units: v 0, w 1, a 2, b 3, b_back 4
  const UnitGraph graph = unit_graph(flow, easy_machine(2));
  EXPECT_THAT(graph.time_ps, ElementsAre(100, 100, 100, 100, 100));
  EXPECT_THAT(graph.bytes, ElementsAre(40 + 40, 40 + 40, 10, 10, 10));
  using testing::Pair;
  EXPECT_THAT(graph.neighbours[1], ElementsAre(Pair(2, 10), Pair(3, 40 + 10), Pair(4, 40)));
  EXPECT_THAT(graph.neighbours[2], ElementsAre(Pair(0, 40), Pair(1, 10), Pair(3, 10)));
}

TEST(MetisPartition, CutsWhereLittleCrosses) {
  if (!has_metis()) GTEST_SKIP() << "this build has no METIS (libmetis-dev)";
  CostGraphBuilder graph;
  NodeId last = graph.op(90, 1000, {});
  for (int i = 1; i < 8; ++i) last = graph.op(90, i == 3 ? 1 : 1000, {last});  // thin after the fourth
  const Dataflow flow(graph.graph);
  const Plan plan = metis_partition(flow, easy_machine(2));
  const uint32_t first = plan.device[0];
  EXPECT_THAT(plan.device,
              ElementsAre(first, first, first, first, 1 - first, 1 - first, 1 - first, 1 - first));
  EXPECT_TRUE(same(plan, metis_partition(flow, easy_machine(2)))) << "the same every time";
  EXPECT_THAT(metis_partition(flow, easy_machine(1)).device, testing::Each(0U));
  EXPECT_THAT(metis_partition(flow, easy_machine(8)).device, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(MetisPartition, WithoutMetisAskingForItSaysWhatToInstall) {
  if (has_metis()) GTEST_SKIP() << "this build has METIS";
  const Dataflow flow(TwoLayers().graph.graph);
  EXPECT_THAT(user_error_of([&] { metis_partition(flow, easy_machine(2)); }),
              testing::HasSubstr("libmetis-dev"));
}

TEST(Heft, PutsEveryOpWhereItEndsFirst) {
  CostGraphBuilder graph;
  const NodeId root = graph.op(90, 40, {});     // device 0: 0 .. 100
  const NodeId near = graph.op(90, 8, {root});  // device 0: 100 .. 200 (device 1: from 145)
  const NodeId far = graph.op(90, 8, {root});   // device 1: 145 .. 245 (device 0: from 200)
  graph.op(90, 8, {near, far});                 // device 1: from 245 (device 0: from 258)
  const Dataflow flow(graph.graph);
  const Plan plan = heft(flow, easy_machine(2));
  EXPECT_THAT(plan.device, ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(plan.schedule_level, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(Simulator(flow, easy_machine(2)).run(plan).makespan_ps, 345);
}

TEST(Heft, FillsGaps) {
  CostGraphBuilder graph;
  const NodeId first = graph.op(90, 40, {});               // rank 245; device 0: 0 .. 100
  const NodeId early = graph.op(10, 8, {}, 0);             // rank 133; device 1: 0 .. 20
  const NodeId late = graph.op(90, 8, {first, early}, 0);  // rank 100; device 1 with `early`: 145 .. 245
  const NodeId filling = graph.op(50, 8, {});              // rank 60; device 1: 20 .. 80 (device 0: from 100)
  const Dataflow flow(graph.graph);
  const Plan plan = heft(flow, easy_machine(2));
  EXPECT_THAT(plan.device, ElementsAre(0, 1, 1, 1));
  EXPECT_LT(plan.schedule_level[filling], plan.schedule_level[late]);
  EXPECT_EQ(Simulator(flow, easy_machine(2)).run(plan).makespan_ps, 245);
}

TEST(Heft, TakesWeightsAlongAndLeavesFullDevicesOut) {
  CostGraphBuilder graph;
  const NodeId first_weight = graph.parameter(1000);
  const NodeId second_weight = graph.parameter(1000);
  graph.parameter(5);  // nobody reads it
  const NodeId first = graph.op(90, 8, {first_weight});
  graph.op(90, 8, {first, second_weight});
  const Dataflow flow(graph.graph);
  Machine machine = easy_machine(2);
  EXPECT_THAT(heft(flow, machine).device, ElementsAre(0, 0, 0, 0, 0));
  machine.memory_bytes = 1500;
  EXPECT_THAT(heft(flow, machine).device, ElementsAre(0, 1, 0, 0, 1));
  machine.memory_bytes = 500;  // nowhere is room: as if memory did not matter
  EXPECT_THAT(heft(flow, machine).device, ElementsAre(0, 0, 0, 0, 0));
}

TEST(CriticalPath, StartsWithWhatMostDependsOn) {
  CostGraphBuilder graph;
  graph.op(490, 8, {});                       // 500 to the end
  const NodeId needed = graph.op(90, 5, {});  // 100 + 10 + 500 to the end
  graph.op(490, 8, {needed});                 // on the other device
  const Dataflow flow(graph.graph);
  Simulator simulator(flow, easy_machine(2));
  Plan plan;
  plan.device = {0, 0, 1};
  EXPECT_EQ(simulator.run(plan).makespan_ps, 1110);
  plan = with_critical_path_schedule(plan, simulator);
  EXPECT_THAT(plan.schedule_level, ElementsAre(1, 0, 2));
  EXPECT_EQ(simulator.run(plan).makespan_ps, 610);
}

Machine byte_priced_machine() {
  Machine machine = easy_machine(1);
  machine.memory_bandwidth = kTicksPerSecond;  // 1 byte takes 1 ps
  machine.launch_ps = 10;
  return machine;
}

TEST(FusionRules, SavedBytesRecomputesAtAnyPriceSavedTimeDoesNot) {
  CostGraphBuilder graph;
  const NodeId input = graph.parameter(100);
  const NodeId shared = graph.op(1000, 50, {input});  // 10 + 1000 + 8
  graph.op(5, 20, {shared});                          // 10 + 70 + 1; fused 10 + 1005 + 6
  graph.op(7, 30, {shared});                          // 10 + 80 + 1; fused 10 + 1007 + 7
  const Dataflow flow(graph.graph);
  Simulator simulator(flow, byte_priced_machine());
  // 150 + 70 + 80 bytes apart, 120 + 130 fused.
  const Plan by_bytes = with_greedy_fusion({}, FusionGain::saved_bytes, flow, simulator.machine());
  EXPECT_THAT(by_bytes.fusion_level, ElementsAre(-1, 0, -1, -1));
  EXPECT_EQ(simulator.run(by_bytes).makespan_ps, 1021 + 1024);
  const Plan by_time = with_greedy_fusion({}, FusionGain::saved_time, flow, simulator.machine());
  EXPECT_THAT(by_time.fusion_level, ElementsAre(-1, -1, -1, -1));
  EXPECT_EQ(simulator.run(by_time).makespan_ps, 1018 + 81 + 91);
}

TEST(FusionRules, TheLargestGainGoesFirst) {
  CostGraphBuilder graph;
  const NodeId input = graph.parameter(10);
  const NodeId sum = graph.reduce(1, 10, {input});
  const NodeId spread = graph.op(1, 1000, {sum});
  const NodeId mean = graph.reduce(1, 10, {spread});
  const NodeId last = graph.op(1, 1, {mean});
  const Dataflow flow(graph.graph);
  // The spreading saves 2000 bytes, the mean then 20; the sum can go into neither.
  for (const FusionGain gain : {FusionGain::saved_bytes, FusionGain::saved_time}) {
    const Plan plan = with_greedy_fusion({}, gain, flow, byte_priced_machine());
    EXPECT_EQ(plan.fusion_level[spread], 0);
    EXPECT_EQ(plan.fusion_level[mean], 1);
    EXPECT_EQ(plan.fusion_level[sum], kNeverFuse);
    Simulator simulator(flow, byte_priced_machine());
    EXPECT_THAT(simulator.kernels_of(plan).root, ElementsAre(sum, last));
  }
}

TEST(RandomPlacement, IsDrawnBySeedAndKeepsUnitsTogether) {
  const Dataflow flow(layered_graph({5, 5, 200, 100}, 1));
  const Machine machine = easy_machine(4);
  const Plan plan = random_placement(flow.units(), machine, 11);
  EXPECT_TRUE(same(plan, random_placement(flow.units(), machine, 11)));
  EXPECT_FALSE(same(plan, random_placement(flow.units(), machine, 12)));
  for (NodeId id = 0; id < flow.size(); ++id)
    EXPECT_EQ(plan.device[id], plan.device[flow.units().leader[flow.units().unit_of[id]]]);
  for (uint32_t device = 0; device < 4; ++device) EXPECT_THAT(plan.device, testing::Contains(device));
}

TEST(RandomPlacement, TheMeanIsThatOfTenSeeds) {
  const Dataflow flow(layered_graph({5, 5, 200, 100}, 1));
  Simulator simulator(flow, easy_machine(2));
  double sum = 0;
  for (uint64_t seed = 30; seed < 40; ++seed)
    sum += static_cast<double>(
        simulator.run(random_placement(flow.units(), simulator.machine(), seed)).makespan_ps);
  const RandomMean mean = random_mean(simulator, 30);
  EXPECT_NEAR(mean.makespan_ps, sum / 10, 1e-6);
  EXPECT_EQ(mean.placements, 10U);
  EXPECT_EQ(mean.valid, 10U);
}

TEST(Searches, UseAsManyCallsAsTheyMayAndNeverGetWorse) {
  const Dataflow flow(layered_graph({5, 5, 200, 100}, 2));
  Machine machine = easy_machine(2);
  machine.memory_bytes = 700;
  Simulator simulator(flow, machine);
  const Plan start = contiguous_split(flow, machine);
  const Merit before = merit(simulator.run(start));
  for (const auto search : {hill_climbing, random_search}) {
    Merit previous = before;
    for (const uint64_t calls : {1U, 2U, 50U, 400U}) {
      const SearchedPlan found = search(simulator, PlanSpace{}, start, calls, 9);
      EXPECT_EQ(found.calls, calls);
      EXPECT_EQ(found.result, simulator.run(found.plan));
      EXPECT_LE(merit(found.result), previous) << "the same draws and some more";
      previous = merit(found.result);
      EXPECT_TRUE(same(found.plan, search(simulator, PlanSpace{}, start, calls, 9).plan));
    }
  }
  EXPECT_LT(merit(hill_climbing(simulator, PlanSpace{}, start, 400, 9).result), before);
}

TEST(Searches, LeaveAloneWhatIsNotToBeDecided) {
  const Dataflow flow(layered_graph({4, 4, 200, 100}, 3));
  Simulator simulator(flow, easy_machine(3));
  const Plan start = full_plan(contiguous_split(flow, simulator.machine()), flow);
  for (const auto search : {hill_climbing, random_search}) {
    const Plan placed = search(simulator, {true, false, false, 20}, start, 60, 1).plan;
    EXPECT_EQ(placed.schedule_level, start.schedule_level);
    EXPECT_EQ(placed.fusion_level, start.fusion_level);
    const Plan scheduled = search(simulator, {false, true, false, 3}, start, 60, 1).plan;
    EXPECT_EQ(scheduled.device, start.device);
    EXPECT_EQ(scheduled.fusion_level, start.fusion_level);
    EXPECT_THAT(scheduled.schedule_level, testing::Each(testing::AllOf(testing::Ge(0), testing::Lt(3))));
    const Plan fused = search(simulator, {false, false, true, 3}, start, 60, 1).plan;
    EXPECT_EQ(fused.device, start.device);
    EXPECT_EQ(fused.schedule_level, start.schedule_level);
    EXPECT_THAT(fused.fusion_level, testing::Each(testing::AllOf(testing::Ge(-1), testing::Lt(3))));
    EXPECT_THROW(search(simulator, {false, false, false, 3}, start, 2, 1), std::logic_error);
    EXPECT_THROW(search(simulator, {true, true, true, 0}, start, 2, 1), std::logic_error);
  }
}

TEST(BaselineTable, EveryPlanIsValidInputAndItsTimeIsWhatTheSimulatorSays) {
  for (const uint32_t devices : {1U, 2U, 4U}) {
    const Dataflow flow(layered_graph({8, 6, 200, 100}, devices));
    Simulator simulator(flow, easy_machine(devices));
    const std::vector<ScoredBaseline> all = heuristic_baselines(simulator, PlanSpace{});
    // Five placements (four without METIS), three fusions, two schedules, and HEFT's own.
    EXPECT_EQ(all.size(), (has_metis() ? 5U : 4U) * 6 + 3);
    for (const ScoredBaseline& baseline : all) {
      SCOPED_TRACE(baseline.name);
      EXPECT_NO_THROW(validate(baseline.plan, flow.size(), simulator.machine()));
      EXPECT_EQ(baseline.result, Simulator(flow, easy_machine(devices)).run(baseline.plan));
      EXPECT_LE(merit(best_of(all).result), merit(baseline.result));
    }
    EXPECT_EQ(all.front().name, "one device, critical path");
  }
  EXPECT_THROW(best_of({}), std::logic_error);
}

TEST(BaselineTable, HoldsOnlyWhatThePolicyMayDecideToo) {
  const Dataflow flow(layered_graph({4, 4, 200, 100}, 1));
  Simulator simulator(flow, easy_machine(2));
  for (const ScoredBaseline& baseline : heuristic_baselines(simulator, {true, false, false, 20})) {
    EXPECT_TRUE(baseline.plan.schedule_level.empty()) << baseline.name;
    EXPECT_TRUE(baseline.plan.fusion_level.empty()) << baseline.name;
  }
  std::vector<std::string> names;
  for (const ScoredBaseline& baseline : heuristic_baselines(simulator, {false, false, true, 20}))
    names.push_back(baseline.name);
  EXPECT_THAT(names, ElementsAre("one device", "one device, fused by saved bytes",
                                 "one device, fused by saved time"));
}

}  // namespace
}  // namespace timetrial
