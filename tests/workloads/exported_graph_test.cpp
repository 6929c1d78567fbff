#include "workloads/computation_graph/exported_graph.h"

#include <gmock/gmock.h>

#include "graph_text.h"
#include "workloads/computation_graph/operation_cost.h"

namespace timetrial {
namespace {

using testing::ElementsAre;

void add(ExportedGraph& exported, Opcode opcode, std::vector<int32_t> operands, bool is_view = false,
         TrainingPhase phase = TrainingPhase::forward) {
  GraphNode node;
  node.opcode = opcode;
  node.operands = std::move(operands);
  node.output = row_major(ElementType::f32, {2, 3});
  exported.graph.nodes.push_back(node);
  exported.flops.push_back(opcode == Opcode::parameter || is_view ? 0 : 6);
  exported.output_bytes.push_back(24);
  exported.is_view.push_back(is_view ? 1 : 0);
  exported.phase.push_back(phase);
  exported.colocation_group.push_back(kNoGroup);
  exported.layer.push_back(kNoLayer);
  exported.source.emplace_back(name_of(opcode));
}

// Two inputs, of which the second serves nothing live; a chain of views; a root of each phase.
ExportedGraph sample() {
  ExportedGraph exported;
  add(exported, Opcode::parameter, {});
  add(exported, Opcode::parameter, {});
  add(exported, Opcode::parameter, {});
  add(exported, Opcode::negate, {1});
  add(exported, Opcode::transpose, {0}, true);
  add(exported, Opcode::reshape, {4}, true);
  add(exported, Opcode::multiply, {5, 2});
  add(exported, Opcode::exponential, {6}, false, TrainingPhase::update);
  exported.graph.nodes[1].parameter_number = 1;
  exported.graph.nodes[2].parameter_number = 2;
  exported.graph.nodes[6].is_root = true;
  exported.graph.nodes[7].is_root = true;
  return exported;
}

TEST(ExportedGraphs, OnlyWhatTheRootsNeedLives) {
  const ExportedGraph live = live_part(sample());
  validate(live);
  EXPECT_THAT(lines_of(live),
              ElementsAre("0 parameter() f32[2,3] forward", "1 parameter() f32[2,3] forward",
                          "2 transpose(0) f32[2,3] view forward", "3 reshape(2) f32[2,3] view forward",
                          "4 multiply(3,1) f32[2,3] flops 6 forward root",
                          "5 exponential(4) f32[2,3] flops 6 update root"));
  EXPECT_EQ(live.graph.nodes[1].parameter_number, 1) << "numbered anew";
}

TEST(ExportedGraphs, WithoutViewsConsumersAreJoinedToWhatTheyShow) {
  EXPECT_THAT(lines_of(without_views(live_part(sample()))),
              ElementsAre("0 parameter() f32[2,3] forward", "1 parameter() f32[2,3] forward",
                          "2 multiply(0,1) f32[2,3] flops 6 forward root",
                          "3 exponential(2) f32[2,3] flops 6 update root"));
}

TEST(ExportedGraphs, AViewThatIsARootStays) {
  ExportedGraph exported = sample();
  exported.graph.nodes[5].is_root = true;
  const ExportedGraph left = without_views(live_part(exported));
  EXPECT_EQ(line_of(left, 2), "2 reshape(0) f32[2,3] view forward root");
  EXPECT_EQ(line_of(left, 3), "3 multiply(2,1) f32[2,3] flops 6 forward root");
}

TEST(ExportedGraphs, FlopsAreSummedByPhase) {
  EXPECT_EQ(total_flops(sample(), TrainingPhase::forward), 12);
  EXPECT_EQ(total_flops(sample(), TrainingPhase::backward), 0);
  EXPECT_EQ(total_flops(sample(), TrainingPhase::update), 6);
}

TEST(ExportedGraphs, EntriesMustFitTheGraph) {
  EXPECT_NO_THROW(validate(sample()));
  ExportedGraph short_of_one = sample();
  short_of_one.flops.pop_back();
  EXPECT_THROW(validate(short_of_one), std::logic_error);
  ExportedGraph no_such_group = sample();
  no_such_group.colocation_group[0] = 0;
  EXPECT_THROW(validate(no_such_group), std::logic_error);
  ExportedGraph no_such_layer = sample();
  no_such_layer.layer[0] = 3;
  EXPECT_THROW(validate(no_such_layer), std::logic_error);
}

// A node of 2 x 3 elements that consumes 4 x 5 and 7.
int64_t flops_of(Opcode opcode, std::vector<WindowDimension> window = {}) {
  GraphNode node;
  node.opcode = opcode;
  node.output = row_major(ElementType::f32, {2, 3});
  node.window = std::move(window);
  GraphNode large;
  large.output = row_major(ElementType::f32, {4, 5});
  GraphNode small;
  small.output = row_major(ElementType::f32, {7});
  return operation_flops(node, {&large, &small});
}

TEST(OperationCost, FollowsFromShapes) {
  EXPECT_EQ(flops_of(Opcode::add), 6);
  EXPECT_EQ(flops_of(Opcode::compare), 6);
  EXPECT_EQ(flops_of(Opcode::tanh), 8 * 6);
  EXPECT_EQ(flops_of(Opcode::rsqrt), 8 * 6);
  EXPECT_EQ(flops_of(Opcode::copy), 0);
  EXPECT_EQ(flops_of(Opcode::gather), 0);
  EXPECT_EQ(flops_of(Opcode::constant), 0);
  EXPECT_EQ(flops_of(Opcode::reduce), 20);
  EXPECT_EQ(flops_of(Opcode::scatter), 7);
  EXPECT_EQ(flops_of(Opcode::reduce_window, {{.size = 3}, {.size = 2}}), 6 * 6);
  EXPECT_EQ(flops_of(Opcode::select_and_scatter, {{.size = 3}, {.size = 2}}), 7 * 6);
  EXPECT_EQ(flops_of(Opcode::sort), 20 * 5);
  EXPECT_EQ(flops_of(Opcode::fft), 5 * 20 * 5);
  EXPECT_EQ(flops_of(Opcode::batch_norm_training), 8 * 20);
  EXPECT_EQ(flops_of(Opcode::batch_norm_grad), 10 * 20);
  EXPECT_THROW(flops_of(Opcode::dot), std::logic_error);
  EXPECT_THROW(flops_of(Opcode::convolution), std::logic_error);
}

}  // namespace
}  // namespace timetrial
