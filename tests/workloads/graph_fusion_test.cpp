// Fusion by hand, on easy_machine (see graph_builder.h) and on one where a byte takes 1 ps and a launch 10.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph_builder.h"
#include "workloads/graph_optimizer/simulator/fusion.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

using testing::ElementsAre;

Machine byte_machine() {
  Machine machine = easy_machine(2);
  machine.memory_bandwidth = kTicksPerSecond;
  machine.launch_ps = 10;
  return machine;
}

TEST(GraphFusion, AChainBecomesOneKernelThatMovesOnlyItsEnds) {
  CostGraphBuilder chain;
  const NodeId input = chain.parameter(100);
  const NodeId first = chain.op(20, 200, {input});
  const NodeId second = chain.op(20, 300, {first});
  const NodeId third = chain.op(20, 400, {second});
  const Dataflow flow(chain.graph);
  Simulator simulator(flow, byte_machine());
  // Apart: 10 + 300 + 1, 10 + 500 + 1, 10 + 700 + 1.
  EXPECT_EQ(simulator.run({}).makespan_ps, 1533);
  Plan plan;
  plan.fusion_level = {0, 0, 0, 0};
  Timeline timeline;
  const SimulationResult result = simulator.run(plan, &timeline);
  // Together: 10 + (100 + 400) + 60 / 20.
  EXPECT_EQ(result.makespan_ps, 513);
  EXPECT_EQ(result.kernels, 1U);
  EXPECT_THAT(timeline.kernels, ElementsAre(KernelSpan{third, 3, 0, 0, 513}));
  EXPECT_THAT(result.peak_bytes, ElementsAre(500, 0)) << "what is in between is never stored";
}

TEST(GraphFusion, AProducerIsComputedAnewInEveryConsumer) {
  CostGraphBuilder graph;
  const NodeId input = graph.parameter(100);
  const NodeId shared = graph.op(1000, 50, {input});
  const NodeId left = graph.op(5, 20, {shared});
  const NodeId right = graph.op(7, 30, {shared, input});
  const Dataflow flow(graph.graph);
  Fusion fusion(flow);
  EXPECT_EQ(fusion.fuse(shared), FusionRefusal::none);
  EXPECT_FALSE(fusion.is_kernel(shared));
  EXPECT_THAT(fusion.members(left), ElementsAre(shared, left));
  EXPECT_THAT(fusion.members(right), ElementsAre(shared, right));
  EXPECT_EQ(fusion.cost(left).flops, 1005);
  EXPECT_EQ(fusion.cost(left).bytes, 100 + 20);
  EXPECT_EQ(fusion.cost(right).flops, 1007);
  EXPECT_EQ(fusion.cost(right).bytes, 100 + 30) << "the input is read once";
  EXPECT_EQ(fusion.fuse(shared), FusionRefusal::not_a_kernel);
}

TEST(GraphFusion, WhatReachesAKernelOnTwoWaysIsInItOnce) {
  CostGraphBuilder diamond;
  const NodeId input = diamond.parameter(100);
  const NodeId top = diamond.op(1000, 50, {input});
  const NodeId left = diamond.op(5, 20, {top});
  const NodeId right = diamond.op(7, 30, {top});
  const NodeId bottom = diamond.op(9, 40, {left, right});
  const Dataflow flow(diamond.graph);
  Fusion fusion(flow);
  EXPECT_EQ(fusion.fuse(top), FusionRefusal::none);
  EXPECT_EQ(fusion.fuse(left), FusionRefusal::none);
  EXPECT_EQ(fusion.fuse(right), FusionRefusal::none);
  EXPECT_THAT(fusion.members(bottom), ElementsAre(top, left, right, bottom));
  EXPECT_EQ(fusion.cost(bottom).flops, 1021);
  EXPECT_EQ(fusion.cost(bottom).bytes, 140);
  // Whatever the order.
  fusion.restart(std::vector<uint32_t>(flow.size(), 0));
  EXPECT_EQ(fusion.fuse(right), FusionRefusal::none);
  EXPECT_THAT(fusion.members(bottom), ElementsAre(right, bottom));
  EXPECT_THAT(fusion.inputs(bottom), ElementsAre(top, left));
  EXPECT_THAT(fusion.consumers(top), ElementsAre(left, bottom));
  EXPECT_EQ(fusion.fuse(top), FusionRefusal::none);
  EXPECT_EQ(fusion.fuse(left), FusionRefusal::none);
  EXPECT_EQ(fusion.cost(bottom).flops, 1021);
}

TEST(GraphFusion, ViewsBetweenProducerAndConsumerVanish) {
  CostGraphBuilder graph;
  const NodeId input = graph.parameter(100);
  const NodeId producer = graph.op(10, 80, {input});
  const NodeId part = graph.view(40, producer);
  const NodeId other = graph.view(30, input);
  const NodeId consumer = graph.op(10, 20, {part, other, producer});
  const Dataflow flow(graph.graph);
  Fusion fusion(flow);
  EXPECT_EQ(fusion.cost(consumer).bytes, 40 + 30 + 80 + 20);
  EXPECT_EQ(fusion.fuse(producer), FusionRefusal::none);
  EXPECT_THAT(fusion.inputs(consumer), ElementsAre(input));
  EXPECT_EQ(fusion.cost(consumer).bytes, 30 + 100 + 20) << "the input as a whole and the view of it";
}

TEST(GraphFusion, RefusesWhatIsNoKernelOrHasNoConsumer) {
  CostGraphBuilder graph;
  const NodeId weight = graph.parameter(100);
  const NodeId part = graph.view(50, weight);
  const NodeId last = graph.op(1, 1, {part});
  const Dataflow flow(graph.graph);
  Fusion fusion(flow);
  EXPECT_EQ(fusion.fuse(weight), FusionRefusal::not_a_kernel);
  EXPECT_EQ(fusion.fuse(part), FusionRefusal::not_a_kernel);
  EXPECT_EQ(fusion.fuse(last), FusionRefusal::no_consumer);
}

TEST(GraphFusion, RefusesLibraryKernelsOnEitherSide) {
  CostGraphBuilder graph;
  const NodeId first = graph.op(1, 1, {});
  const NodeId product = graph.op(1, 1, {first});
  graph.op(1, 1, {product});
  graph.graph.nodes[product].fusible = false;
  const Dataflow flow(graph.graph);
  Fusion fusion(flow);
  EXPECT_EQ(fusion.fuse(first), FusionRefusal::not_fusible);
  EXPECT_EQ(fusion.fuse(product), FusionRefusal::not_fusible);
}

TEST(GraphFusion, GoesIntoAllConsumersOrNone) {
  CostGraphBuilder graph;
  const NodeId shared = graph.op(1, 1, {});
  const NodeId near = graph.op(1, 1, {shared});
  const NodeId far = graph.op(1, 1, {shared});
  const Dataflow flow(graph.graph);
  Fusion fusion(flow);
  fusion.restart(std::vector<uint32_t>{0, 0, 1});
  EXPECT_EQ(fusion.fuse(shared), FusionRefusal::other_device);
  EXPECT_THAT(fusion.members(near), ElementsAre(near));
  EXPECT_THAT(fusion.members(far), ElementsAre(far));
}

TEST(GraphFusion, RefusesAReductionIntoAReductionThroughOthersToo) {
  CostGraphBuilder graph;
  const NodeId sum = graph.reduce(1, 1, {});
  const NodeId scale = graph.op(1, 1, {sum});
  const NodeId mean = graph.reduce(1, 1, {scale});
  const NodeId last = graph.op(1, 1, {mean});
  const Dataflow flow(graph.graph);
  Fusion fusion(flow);
  EXPECT_EQ(fusion.fuse(sum), FusionRefusal::none);
  EXPECT_EQ(fusion.fuse(scale), FusionRefusal::second_reduction);
  EXPECT_EQ(fusion.fuse(mean), FusionRefusal::none);
  EXPECT_THAT(fusion.members(last), ElementsAre(mean, last));
  EXPECT_EQ(fusion.fuse(scale), FusionRefusal::second_reduction) << "a reduction is in the last kernel now";
}

TEST(GraphFusion, HoldsSixtyFourMembersButNotOneMore) {
  CostGraphBuilder chain;
  NodeId last = chain.op(1, 1, {});
  for (int i = 1; i < 65; ++i) last = chain.op(1, 1, {last});
  const Dataflow flow(chain.graph);
  Fusion fusion(flow);
  for (NodeId id = 0; id < 63; ++id) EXPECT_EQ(fusion.fuse(id), FusionRefusal::none) << id;
  EXPECT_EQ(fusion.members(63).size(), 64U);
  EXPECT_EQ(fusion.fuse(63), FusionRefusal::too_many_members);
}

TEST(GraphFusion, ReadsSixtyFourTensorsButNotOneMore) {
  for (const uint32_t inputs : {63U, 64U}) {
    CostGraphBuilder graph;
    std::vector<NodeId> weights;
    for (uint32_t i = 0; i < inputs; ++i) weights.push_back(graph.parameter(1));
    const NodeId other = graph.parameter(1);
    const NodeId producer = graph.op(1, 1, weights);
    const NodeId consumer = graph.op(1, 1, {producer, other});
    const Dataflow flow(graph.graph);
    Fusion fusion(flow);
    EXPECT_EQ(fusion.fuse(producer), inputs == 63 ? FusionRefusal::none : FusionRefusal::too_many_inputs);
    EXPECT_EQ(fusion.inputs(consumer).size(), inputs == 63 ? 64U : 2U);
  }
}

TEST(GraphFusion, LowerLevelsAreTriedFirst) {
  CostGraphBuilder graph;
  const NodeId first = graph.reduce(1, 1, {});
  const NodeId second = graph.op(1, 1, {first});
  const NodeId third = graph.reduce(1, 1, {second});
  const Dataflow flow(graph.graph);
  Simulator simulator(flow, easy_machine(1));
  Plan plan;
  plan.fusion_level = {0, 1, kNeverFuse};  // the sum into the scaling, which then cannot go on
  EXPECT_THAT(simulator.kernels_of(plan).root, ElementsAre(second, third));
  plan.fusion_level = {1, 0, kNeverFuse};  // the scaling into the mean, into which the sum cannot go
  EXPECT_THAT(simulator.kernels_of(plan).root, ElementsAre(first, third));
  plan.fusion_level = {0, 0, 0};  // by id
  EXPECT_THAT(simulator.kernels_of(plan).root, ElementsAre(second, third));
  plan.fusion_level = {-1, -5, -1};
  EXPECT_THAT(simulator.kernels_of(plan).root, ElementsAre(first, second, third));
}

TEST(GraphFusion, AFusedKernelHasTheLevelOfItsLastNode) {
  CostGraphBuilder graph;
  const NodeId first = graph.op(90, 8, {});
  const NodeId fused = graph.op(10, 8, {first});  // with `first` 110 ps
  const NodeId other = graph.op(190, 8, {});
  const Dataflow flow(graph.graph);
  Plan plan;
  plan.fusion_level = {0, kNeverFuse, kNeverFuse};
  plan.schedule_level = {0, 2, 1};
  Timeline timeline;
  Simulator(flow, easy_machine(1)).run(plan, &timeline);
  EXPECT_THAT(timeline.kernels,
              ElementsAre(KernelSpan{other, 1, 0, 0, 200}, KernelSpan{fused, 2, 0, 200, 310}));
}

TEST(GraphFusion, SavesATransferThatOnlyAFusedNodeNeeded) {
  CostGraphBuilder graph;
  const NodeId weight = graph.parameter(10);         // device 0
  const NodeId first = graph.op(90, 500, {weight});  // device 1: the weight 0 .. 15; apart 15 .. 115
  const NodeId second = graph.op(90, 20, {first});   // device 1: apart 115 .. 215; fused 15 .. 205
  graph.op(90, 8, {second});                         // device 0: sent 25 ps, then 100
  const Dataflow flow(graph.graph);
  Simulator simulator(flow, easy_machine(2));
  Plan plan;
  plan.device = {0, 1, 1, 0};
  EXPECT_EQ(simulator.run(plan).makespan_ps, 215 + 25 + 100);
  plan.fusion_level = {kNeverFuse, 0, 0, 0};
  EXPECT_EQ(simulator.run(plan).makespan_ps, 15 + 190 + 25 + 100)
      << "the second stays: its consumer is elsewhere";
}

}  // namespace
}  // namespace timetrial
