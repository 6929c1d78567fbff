// Schedules by hand. On easy_machine an op of F flops takes F + 10 ps and a transfer of B bytes 5 + B ps;
// every test says what starts and ends when.

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph_builder.h"
#include "workloads/graph_optimizer/simulator/memory_limit.h"
#include "workloads/graph_optimizer/simulator/reward.h"
#include "workloads/graph_optimizer/simulator/simulator.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Simulated {
  SimulationResult result;
  Timeline timeline;
};

Simulated simulated(const CostGraph& graph, const Machine& machine, const Plan& plan) {
  const Dataflow flow(graph);
  Simulated all;
  all.result = Simulator(flow, machine).run(plan, &all.timeline);
  return all;
}

Plan placed(std::vector<uint32_t> device) {
  Plan plan;
  plan.device = std::move(device);
  return plan;
}

TEST(GraphSimulator, AChainRunsOneAfterTheOther) {
  CostGraphBuilder chain;
  const NodeId input = chain.parameter(8);
  const NodeId first = chain.op(90, 8, {input});    // 0 .. 100
  const NodeId second = chain.op(190, 8, {first});  // 100 .. 300
  const NodeId third = chain.op(40, 8, {second});   // 300 .. 350
  const Simulated all = simulated(chain.graph, easy_machine(1), {});
  EXPECT_EQ(all.result.makespan_ps, 350);
  EXPECT_THAT(all.result.busy_ps, ElementsAre(350));
  EXPECT_EQ(all.result.kernels, 3U);
  EXPECT_EQ(all.result.transfers, 0U);
  EXPECT_THAT(all.timeline.kernels,
              ElementsAre(KernelSpan{first, 1, 0, 0, 100}, KernelSpan{second, 1, 0, 100, 300},
                          KernelSpan{third, 1, 0, 300, 350}));
}

TEST(GraphSimulator, AForkRunsInTheOrderOfIdsWhereAllBecomeReadyAtOnce) {
  CostGraphBuilder fork;
  const NodeId root = fork.op(90, 8, {});       // 0 .. 100
  const NodeId left = fork.op(20, 8, {root});   // 100 .. 130
  const NodeId right = fork.op(30, 8, {root});  // 130 .. 170
  const Simulated all = simulated(fork.graph, easy_machine(1), {});
  EXPECT_EQ(all.result.makespan_ps, 170);
  EXPECT_THAT(all.timeline.kernels,
              ElementsAre(KernelSpan{root, 1, 0, 0, 100}, KernelSpan{left, 1, 0, 100, 130},
                          KernelSpan{right, 1, 0, 130, 170}));
}

TEST(GraphSimulator, AForkAndJoinOverTwoDevicesPaysForBothWays) {
  CostGraphBuilder diamond;
  const NodeId root = diamond.op(90, 40, {});          // device 0: 0 .. 100, sent 100 .. 145
  const NodeId near = diamond.op(90, 8, {root});       // device 0: 100 .. 200
  const NodeId far = diamond.op(90, 30, {root});       // device 1: 145 .. 245, sent 245 .. 280
  const NodeId join = diamond.op(90, 8, {near, far});  // device 0: 280 .. 380
  const Simulated all = simulated(diamond.graph, easy_machine(2), placed({0, 0, 1, 0}));
  EXPECT_EQ(all.result.makespan_ps, 380);
  EXPECT_THAT(all.result.busy_ps, ElementsAre(300, 100));
  EXPECT_THAT(all.result.sending_ps, ElementsAre(45, 35));
  EXPECT_EQ(all.result.transferred_bytes, 70);
  EXPECT_THAT(all.timeline.kernels,
              ElementsAre(KernelSpan{root, 1, 0, 0, 100}, KernelSpan{near, 1, 0, 100, 200},
                          KernelSpan{far, 1, 1, 145, 245}, KernelSpan{join, 1, 0, 280, 380}));
  EXPECT_THAT(all.timeline.transfers,
              ElementsAre(TransferSpan{root, 0, 1, 100, 145}, TransferSpan{far, 1, 0, 245, 280}));
}

TEST(GraphSimulator, OneTransferServesAllConsumersOnADevice) {
  CostGraphBuilder graph;
  const NodeId root = graph.op(90, 40, {});  // 0 .. 100, sent once: 100 .. 145
  graph.op(20, 8, {root});                   // 145 .. 175
  graph.op(20, 8, {root, root});             // 175 .. 205
  const Simulated all = simulated(graph.graph, easy_machine(2), placed({0, 1, 1}));
  EXPECT_EQ(all.result.makespan_ps, 205);
  EXPECT_EQ(all.result.transfers, 1U);
  EXPECT_EQ(all.result.transferred_bytes, 40);
}

TEST(GraphSimulator, TransfersOfOneDeviceWaitForEachOther) {
  CostGraphBuilder graph;
  const NodeId root = graph.op(90, 40, {});  // 0 .. 100
  graph.op(20, 8, {root});                   // to device 1: 100 .. 145; runs 145 .. 175
  graph.op(20, 8, {root});                   // to device 2: 145 .. 190; runs 190 .. 220
  const Simulated all = simulated(graph.graph, easy_machine(3), placed({0, 1, 2}));
  EXPECT_EQ(all.result.makespan_ps, 220);
  EXPECT_THAT(all.timeline.transfers,
              ElementsAre(TransferSpan{root, 0, 1, 100, 145}, TransferSpan{root, 0, 2, 145, 190}));
}

TEST(GraphSimulator, TransfersOfTwoDevicesDoNot) {
  CostGraphBuilder graph;
  const NodeId left = graph.op(90, 40, {});   // device 0: 0 .. 100, sent 100 .. 145
  const NodeId right = graph.op(90, 40, {});  // device 1: 0 .. 100, sent 100 .. 145
  graph.op(20, 8, {left, right});             // device 2: 145 .. 175
  EXPECT_EQ(simulated(graph.graph, easy_machine(3), placed({0, 1, 2})).result.makespan_ps, 175);
}

TEST(GraphSimulator, ADeviceComputesWhileItSends) {
  CostGraphBuilder graph;
  const NodeId sent = graph.op(90, 1000, {});  // device 0: 0 .. 100, sent 100 .. 1105
  graph.op(890, 8, {});                        // device 0: 100 .. 1000
  graph.op(20, 8, {sent});                     // device 1: 1105 .. 1135
  const Simulated all = simulated(graph.graph, easy_machine(2), placed({0, 0, 1}));
  EXPECT_EQ(all.result.makespan_ps, 1135);
  EXPECT_THAT(all.timeline.kernels[1], (KernelSpan{1, 1, 0, 100, 1000}));
}

TEST(GraphSimulator, TheQueueIsFirstInFirstOutAndNotById) {
  CostGraphBuilder graph;
  const NodeId slow = graph.op(200, 10, {});       // device 1, second: 100 .. 310, arrives on device 0 at 325
  const NodeId quick = graph.op(90, 10, {});       // device 1, first: 0 .. 100, arrives at 115
  const NodeId busy = graph.op(990, 8, {});        // device 0: 0 .. 1000
  const NodeId of_slow = graph.op(10, 8, {slow});  // device 0: ready at 325
  const NodeId of_quick = graph.op(10, 8, {quick});  // device 0: ready at 115
  Plan plan = placed({1, 1, 0, 0, 0});
  plan.schedule_level = {1, 0, 0, 0, 0};
  const Simulated all = simulated(graph.graph, easy_machine(2), plan);
  EXPECT_THAT(all.timeline.kernels,
              ElementsAre(KernelSpan{busy, 1, 0, 0, 1000}, KernelSpan{quick, 1, 1, 0, 100},
                          KernelSpan{slow, 1, 1, 100, 310}, KernelSpan{of_quick, 1, 0, 1000, 1020},
                          KernelSpan{of_slow, 1, 0, 1020, 1040}));
}

TEST(GraphSimulator, ALevelComesBeforeTheTimeOfArrival) {
  CostGraphBuilder graph;
  const NodeId first = graph.op(90, 8, {});
  const NodeId early = graph.op(90, 8, {});       // ready at 0
  const NodeId late = graph.op(190, 8, {first});  // ready at 100
  Plan plan;
  plan.schedule_level = {0, 5, 4};
  const Simulated all = simulated(graph.graph, easy_machine(1), plan);
  EXPECT_THAT(all.timeline.kernels,
              ElementsAre(KernelSpan{first, 1, 0, 0, 100}, KernelSpan{late, 1, 0, 100, 300},
                          KernelSpan{early, 1, 0, 300, 400}));
  plan.schedule_level = {0, 5, 5};
  EXPECT_EQ(simulated(graph.graph, easy_machine(1), plan).timeline.kernels[1].root, early);
}

TEST(GraphSimulator, APriorityLetsTheOtherDeviceStartEarlier) {
  CostGraphBuilder graph;
  graph.op(490, 8, {});                       // device 0
  const NodeId needed = graph.op(90, 5, {});  // device 0
  graph.op(490, 8, {needed});                 // device 1
  Plan plan = placed({0, 0, 1});
  // First in, first out: needed 500 .. 600, sent 600 .. 610, then 610 .. 1110.
  EXPECT_EQ(simulated(graph.graph, easy_machine(2), plan).result.makespan_ps, 1110);
  // Needed first: 0 .. 100, sent 100 .. 110, then 110 .. 610; the other 100 .. 600.
  plan.schedule_level = {1, 0, 0};
  EXPECT_EQ(simulated(graph.graph, easy_machine(2), plan).result.makespan_ps, 610);
}

TEST(GraphSimulator, AViewTakesNoTimeAndLiesWhereItsTensorLies) {
  CostGraphBuilder graph;
  const NodeId root = graph.op(90, 40, {});   // device 0: 0 .. 100
  const NodeId part = graph.view(10, root);   // asked for on device 1, lies on 0
  const NodeId whole = graph.view(40, part);  // a view of a view
  graph.op(20, 8, {part, whole});  // device 1: the tensor is sent once, as a whole: 100 .. 145; 145 .. 175
  const Simulated all = simulated(graph.graph, easy_machine(2), placed({0, 1, 1, 1}));
  EXPECT_EQ(all.result.makespan_ps, 175);
  EXPECT_EQ(all.result.kernels, 2U);
  EXPECT_THAT(all.timeline.transfers, ElementsAre(TransferSpan{root, 0, 1, 100, 145}));
}

TEST(GraphSimulator, AKernelMovesTheBytesOfAViewNotOfItsTensor) {
  Machine machine = easy_machine(1);
  machine.memory_bandwidth = kTicksPerSecond;  // 1 byte takes 1 ps
  CostGraphBuilder graph;
  const NodeId tensor = graph.parameter(1000);
  const NodeId part = graph.view(100, tensor);
  graph.op(0, 20, {part, part});  // 9 + 120, every operand once
  EXPECT_EQ(simulated(graph.graph, machine, {}).result.makespan_ps, 129);
}

TEST(GraphSimulator, AWeightReadElsewhereIsSentFromTheBeginning) {
  CostGraphBuilder graph;
  const NodeId weight = graph.parameter(95);
  graph.op(20, 8, {weight});  // device 0: 0 .. 30
  graph.op(20, 8, {weight});  // device 1: the weight 0 .. 100, then 100 .. 130
  const Simulated all = simulated(graph.graph, easy_machine(2), placed({0, 0, 1}));
  EXPECT_EQ(all.result.makespan_ps, 130);
  EXPECT_THAT(all.timeline.transfers, ElementsAre(TransferSpan{weight, 0, 1, 0, 100}));
}

TEST(GraphSimulator, AWeightTakesItsGradientAndUpdateAlong) {
  CostGraphBuilder graph;
  const NodeId weight = graph.parameter(100, 7);  // its group is on device 1
  const NodeId forward =
      graph.op(90, 20, {weight});  // device 0: the weight 0 .. 105; 105 .. 205, sent .. 230
  const NodeId gradient = graph.op(90, 100, {forward}, 7);         // device 1: 230 .. 330
  const NodeId update = graph.op(10, 100, {weight, gradient}, 7);  // device 1: 330 .. 350
  // Only what the plan says of the first of the group counts.
  const Simulated all = simulated(graph.graph, easy_machine(2), placed({1, 0, 0, 0}));
  EXPECT_EQ(all.result.makespan_ps, 350);
  EXPECT_THAT(all.timeline.kernels,
              ElementsAre(KernelSpan{forward, 1, 0, 105, 205}, KernelSpan{gradient, 1, 1, 230, 330},
                          KernelSpan{update, 1, 1, 330, 350}));
}

TEST(GraphSimulator, ActivationsLiveUntilTheirLastConsumerHasEnded) {
  CostGraphBuilder graph;
  const NodeId weight = graph.parameter(1000);
  const NodeId first = graph.op(90, 100, {weight});  // 1000 + 100
  const NodeId second = graph.op(90, 30, {first});   // + 30 = 1130, then first goes: 1030
  const NodeId third = graph.op(90, 60, {second});   // + 60 = 1090, then second goes: 1060
  graph.op(90, 70, {third});                         // + 70 = 1130 again
  const Simulated all = simulated(graph.graph, easy_machine(1), {});
  EXPECT_THAT(all.result.peak_bytes, ElementsAre(1130));
  EXPECT_EQ(one_device_peak_bytes(Dataflow(graph.graph), easy_machine(1)), 1130);
  EXPECT_EQ(binding_memory_bytes(Dataflow(graph.graph), easy_machine(1), 65), 734);  // 734.5
}

TEST(GraphSimulator, AnActivationThatALaterNodeReadsStays) {
  CostGraphBuilder graph;
  const NodeId first = graph.op(90, 100, {});       // 100
  const NodeId second = graph.op(90, 30, {first});  // 130
  const NodeId third = graph.op(90, 60, {second});  // 190, then second goes: 160
  graph.op(90, 70, {first, third});                 // 230
  EXPECT_THAT(simulated(graph.graph, easy_machine(1), {}).result.peak_bytes, ElementsAre(230));
}

TEST(GraphSimulator, AResultThatNobodyReadsGoesWhenItsKernelEnds) {
  CostGraphBuilder graph;
  graph.op(90, 100, {});
  graph.op(90, 110, {});
  EXPECT_THAT(simulated(graph.graph, easy_machine(1), {}).result.peak_bytes, ElementsAre(110));
}

TEST(GraphSimulator, ATransferTakesMemoryAtBothEnds) {
  CostGraphBuilder graph;
  const NodeId sent = graph.op(90, 100, {});  // device 0: held until it is sent, 0 .. 205
  graph.op(20, 40, {});                       // device 0: 100 .. 130, so 140 there
  graph.op(90, 8, {sent});                    // device 1: the copy from 100 on, + 8 from 205 on
  graph.op(50, 3, {});                        // device 1: 0 .. 60, long gone
  const Simulated all = simulated(graph.graph, easy_machine(2), placed({0, 0, 1, 1}));
  EXPECT_THAT(all.result.peak_bytes, ElementsAre(140, 108));
}

TEST(GraphSimulator, ACopyOfAWeightGoesWhereTheWeightStays) {
  CostGraphBuilder graph;
  const NodeId weight = graph.parameter(100);
  const NodeId first = graph.op(90, 10, {weight});  // device 1: copy 100 + 10, then the copy goes
  graph.op(90, 20, {first});                        // device 1: 10 + 20
  const Simulated all = simulated(graph.graph, easy_machine(2), placed({0, 1, 1}));
  EXPECT_THAT(all.result.peak_bytes, ElementsAre(100, 110));
}

TEST(GraphSimulator, WhatEndsMakesRoomForWhatStartsAtTheSameTime) {
  CostGraphBuilder graph;
  const NodeId sent = graph.op(90, 100, {});  // device 0: 0 .. 100; device 1 holds the copy 100 .. 305
  graph.op(195, 7, {});                       // device 0: 100 .. 305
  graph.op(90, 1, {sent});                    // device 1: 205 .. 305
  const NodeId last = graph.op(195, 1, {});   // device 2: 0 .. 205, sent 205 .. 211
  graph.op(1, 50, {last});                    // device 1: ready at 211, starts at 305 when the copy has gone
  const Simulated all = simulated(graph.graph, easy_machine(3), placed({0, 0, 1, 2, 1}));
  EXPECT_THAT(all.timeline.kernels.back(), (KernelSpan{4, 1, 1, 305, 316}));
  EXPECT_EQ(all.result.peak_bytes[1], 100 + 1 + 1);  // the copy, the output of its consumer, `last`
}

TEST(GraphSimulator, MemoryMayBeFullButNotOverByAByte) {
  CostGraphBuilder graph;
  const NodeId weight = graph.parameter(1000);
  graph.op(90, 100, {weight});
  graph.op(90, 100, {weight});
  Machine machine = easy_machine(2);
  machine.memory_bytes = 1100;
  EXPECT_TRUE(simulated(graph.graph, machine, {}).result.valid());
  machine.memory_bytes = 1099;
  const SimulationResult over = simulated(graph.graph, machine, {}).result;
  EXPECT_FALSE(over.valid());
  EXPECT_EQ(over.excess_bytes, 1);
  EXPECT_EQ(over.makespan_ps, 200) << "what it would take with enough memory is still told";
  // On both devices: the copy of the weight makes device 1 as full. 90 too many each.
  machine.memory_bytes = 1010;
  EXPECT_EQ(simulated(graph.graph, machine, placed({0, 0, 1})).result.excess_bytes, 180);
}

TEST(GraphSimulator, RewardsSayHowMuchIsTooMuchOrDoNot) {
  SimulationResult result;
  result.makespan_ps = 400;
  EXPECT_EQ(flat_reward(result, 100), -2);
  EXPECT_EQ(graded_reward(result, 100, 50), -2);
  result.excess_bytes = 30;  // 60 % of a memory: 4 + 20 * 0.6 = 16
  EXPECT_EQ(flat_reward(result, 100), kInvalidReward);
  EXPECT_EQ(graded_reward(result, 100, 50), -4);
}

TEST(GraphSimulator, OneThatFitsIsBetterThanOneThatIsQuickerButDoesNot) {
  EXPECT_LT((Merit{0, 500}), (Merit{1, 400}));
  EXPECT_LT((Merit{1, 500}), (Merit{2, 400}));
  EXPECT_LT((Merit{0, 400}), (Merit{0, 500}));
}

TEST(GraphSimulator, NothingTakesNoTime) {
  EXPECT_EQ(simulated({"empty", {}}, easy_machine(2), {}).result.makespan_ps, 0);
  CostGraphBuilder weights;
  weights.parameter(100);
  const SimulationResult result = simulated(weights.graph, easy_machine(2), {}).result;
  EXPECT_EQ(result.makespan_ps, 0);
  EXPECT_THAT(result.peak_bytes, ElementsAre(100, 0));
}

TEST(GraphSimulator, KernelsWithoutDurationEnd) {
  Machine machine = easy_machine(1);
  machine.launch_ps = 0;
  CostGraphBuilder graph;
  const NodeId first = graph.op(0, 0, {});
  const NodeId second = graph.op(0, 0, {first});
  graph.op(0, 0, {second});
  const SimulationResult result = simulated(graph.graph, machine, {}).result;
  EXPECT_EQ(result.makespan_ps, 0);
  EXPECT_EQ(result.kernels, 3U);
}

TEST(GraphSimulator, RefusesPlansThatDoNotBelongToTheGraph) {
  CostGraphBuilder graph;
  graph.op(1, 1, {});
  EXPECT_THROW(simulated(graph.graph, easy_machine(2), placed({2})), std::logic_error);
  EXPECT_THROW(simulated(graph.graph, easy_machine(2), placed({0, 0})), std::logic_error);
  Plan plan;
  plan.schedule_level = {0, 0};
  EXPECT_THROW(simulated(graph.graph, easy_machine(2), plan), std::logic_error);
  plan = {};
  plan.fusion_level = {0, 0};
  EXPECT_THROW(simulated(graph.graph, easy_machine(2), plan), std::logic_error);
  EXPECT_THROW(simulated(graph.graph, easy_machine(0), {}), std::logic_error);
  EXPECT_THROW(simulated(graph.graph, easy_machine(33), {}), std::logic_error);
}

TEST(GraphSimulator, ATimeThatDoesNotFitIsRefusedNotWrapped) {
  Machine machine = easy_machine(1);
  machine.peak_flops = 1;  // 10^12 ps a flop
  CostGraphBuilder graph;
  const NodeId long_one = graph.op(1'000'000, 1, {});
  graph.op(1, 1, {long_one});
  graph.op(1, 1, {long_one});
  EXPECT_EQ(simulated(graph.graph, machine, {}).result.makespan_ps, 1'000'002'000'000'000'030);
  Plan twice;  // 2 * 10^18 ps are above 2^60
  twice.fusion_level = {0, kNeverFuse, kNeverFuse};
  EXPECT_THROW(simulated(graph.graph, machine, twice), std::logic_error);
  graph.op(200'000, 1, {});
  EXPECT_THROW(simulated(graph.graph, machine, {}), std::logic_error);
  graph.op(10'000'000, 1, {});  // above 2^63 by itself
  EXPECT_THROW(simulated(graph.graph, machine, {}), std::logic_error);
  machine = easy_machine(2);
  machine.link_bandwidth = 1;
  CostGraphBuilder large;
  large.parameter(2'000'000);
  EXPECT_THROW(simulated(large.graph, machine, {}), std::logic_error);
}

TEST(OpCost, IsARooflineWithAlmostFullOverlap) {
  const Machine machine;  // 9.3 Tflop/s, 732 GB/s, 1 us, 50 GB/s after 2 us
  // 10^6 ps + 93 * 10^6 / 9.3 = 10^7 ps of arithmetic + a twentieth of 732 * 10^3 / 0.732 = 10^6 ps.
  EXPECT_EQ(kernel_ps(machine, {93'000'000, 732'000}), 1'000'000 + 10'000'000 + 50'000);
  EXPECT_EQ(kernel_ps(machine, {9'300'000, 7'320'000}), 1'000'000 + 10'000'000 + 50'000);
  EXPECT_EQ(kernel_ps(machine, {0, 0}), 1'000'000);
  // 1 flop is 0.11 ps, 1 byte 1.4 ps: 1 and 2 ps, and the twentieth of the shorter 1 ps.
  EXPECT_EQ(kernel_ps(machine, {1, 1}), 1'000'003);
  EXPECT_EQ(transfer_ps(machine, 0), 2'000'000);
  EXPECT_EQ(transfer_ps(machine, 5'000), 2'100'000);
  EXPECT_EQ(transfer_ps(machine, 1), 2'000'020);
}

std::string refusal_of(const CostGraph& graph) {
  try {
    validate(graph);
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return {};
}

TEST(CostGraph, SaysWhichNodeIsWrongAndWhy) {
  CostGraphBuilder good;
  const NodeId weight = good.parameter(10);
  good.view(5, good.op(1, 10, {weight}));
  EXPECT_EQ(refusal_of(good.graph), "");
  const auto spoilt = [&good](NodeId id, auto&& spoil) {
    CostGraph graph = good.graph;
    spoil(graph.nodes[id]);
    return refusal_of(graph);
  };
  using testing::HasSubstr;
  EXPECT_THAT(spoilt(1, [](CostNode& node) { node.operands = {1}; }),
              HasSubstr("graph 'test' node 1 'node 1' reads node 1, which does not come before it"));
  EXPECT_THAT(spoilt(1, [](CostNode& node) { node.flops = -1; }), HasSubstr("negative"));
  EXPECT_THAT(spoilt(1, [](CostNode& node) { node.colocation = -2; }), HasSubstr("below -1"));
  EXPECT_THAT(spoilt(2, [](CostNode& node) { node.operands = {0, 1}; }), HasSubstr("a view of 2 nodes"));
  EXPECT_THAT(spoilt(2, [](CostNode& node) { node.flops = 1; }), HasSubstr("a view, but has flops"));
  EXPECT_THAT(spoilt(0, [](CostNode& node) { node.flops = 1; }), HasSubstr("a parameter, but has flops"));
  EXPECT_THAT(spoilt(0, [](CostNode& node) { node.resident_bytes = 9; }),
              HasSubstr("of which only 9 are resident"));
  EXPECT_THAT(spoilt(1, [](CostNode& node) { node.output_bytes = kMostGraphBytes; }),
              HasSubstr("brings the graph above"));
  EXPECT_THAT(spoilt(1, [](CostNode& node) { node.flops = kMostGraphFlops + 1; }),
              HasSubstr("brings the graph above"));
}

TEST(PlacementUnits, JoinGroupsAndViewsAndKnowWhereTheyStand) {
  CostGraphBuilder graph;
  graph.parameter(10, 3);  // 0, unit 0
  graph.parameter(10);     // 1, unit 1: nobody reads it
  graph.view(10, 0);       // 2, unit 0
  graph.op(1, 1, {});      // 3, unit 2
  graph.op(1, 1, {2, 3});  // 4, unit 3: reads the weight first
  graph.op(1, 1, {4}, 3);  // 5, unit 0
  const PlacementUnits units = placement_units(graph.graph);
  EXPECT_THAT(units.unit_of, ElementsAre(0, 1, 0, 2, 3, 0));
  EXPECT_THAT(units.leader, ElementsAre(0, 1, 3, 4));
  EXPECT_THAT(units.anchor, ElementsAre(4, 1, 3, 4));
  EXPECT_THAT(units.members[0], ElementsAre(0, 2, 5));
  EXPECT_THAT(units.members[3], ElementsAre(4));
}

}  // namespace
}  // namespace timetrial
