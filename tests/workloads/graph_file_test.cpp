// The graphs of graph_optimizer: from exported steps, as files, and with what heuristics make of them.

#include "workloads/graph_optimizer/graphs/graph_file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/data/whole_file.h"
#include "workloads/graph_optimizer/graph_manifest.h"
#include "workloads/graph_optimizer/graphs/decided_tasks.h"
#include "workloads/graph_optimizer/graphs/exported_conversion.h"
#include "workloads/graph_optimizer/graphs/graph_heuristics.h"
#include "workloads/graph_optimizer/planned_graph.h"
#include "workloads/graph_optimizer/simulator/simulator.h"
#include "workloads/npz/npz_writer.h"
#include "workloads/preparation.h"

namespace timetrial {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

GraphNode exported_node(Opcode opcode, std::vector<int32_t> operands, std::vector<int64_t> dimensions) {
  GraphNode node;
  node.opcode = opcode;
  node.operands = std::move(operands);
  node.output = row_major(ElementType::f32, std::move(dimensions));
  return node;
}

// 0 weight [2,3], 1 input [4,2], 2 transpose of the weight (a view), 3 their product, 4 its sum, the loss.
ExportedGraph small_export() {
  ExportedGraph exported;
  auto& nodes = exported.graph.nodes;
  nodes = {exported_node(Opcode::parameter, {}, {3, 2}), exported_node(Opcode::parameter, {}, {4, 2}),
           exported_node(Opcode::transpose, {0}, {2, 3}), exported_node(Opcode::dot, {1, 2}, {4, 3}),
           exported_node(Opcode::reduce, {3}, {})};
  nodes[1].parameter_number = 1;
  nodes[2].dimensions = {1, 0};
  nodes[4].dimensions = {0, 1};
  nodes[4].is_root = true;
  exported.flops = {0, 0, 0, 48, 12};
  exported.output_bytes = {24, 32, 24, 48, 4};
  exported.is_view = {0, 0, 1, 0, 0};
  exported.phase.assign(5, TrainingPhase::forward);
  exported.colocation_group = {0, kNoGroup, kNoGroup, kNoGroup, kNoGroup};
  exported.layer = {0, kNoLayer, 0, 0, 0};
  exported.source = {"weight", "inputs", "aten::t", "aten::mm", "aten::sum"};
  exported.weights = {"weight"};
  exported.layers = {"linear"};
  return exported;
}

TEST(GraphToOptimize, KeepsCostsGroupsAndLayersAndLeavesViewsOut) {
  const OptimizerGraph graph = graph_to_optimize("small", small_export(), Machine());
  const auto& nodes = graph.graph.nodes;
  ASSERT_EQ(nodes.size(), 4U);
  EXPECT_EQ(nodes[0].kind, NodeKind::parameter);
  EXPECT_EQ(nodes[0].resident_bytes, 24);
  EXPECT_EQ(nodes[0].colocation, 0);
  EXPECT_EQ(nodes[1].colocation, kUnbound);
  EXPECT_EQ(nodes[2].kind, NodeKind::compute);
  EXPECT_THAT(nodes[2].operands, ElementsAre(1, 0));
  EXPECT_EQ(nodes[2].flops, 48);
  EXPECT_EQ(nodes[2].output_bytes, 48);
  EXPECT_EQ(nodes[2].resident_bytes, 0);
  EXPECT_FALSE(nodes[2].fusible) << "a product of matrices is a library's kernel";
  EXPECT_EQ(nodes[2].layer, 0);
  EXPECT_EQ(nodes[3].kind, NodeKind::reduce);
  EXPECT_TRUE(nodes[3].fusible);
  EXPECT_EQ(graph.opcodes[2], Opcode::dot);
  EXPECT_EQ(graph.shapes[2].rank, 2);
  EXPECT_EQ(graph.shapes[2].dimensions[1], 3);
  EXPECT_EQ(graph.shapes[2].element_bytes, 4);
}

TEST(GraphToOptimize, KeepsAViewThatLeavesTheStep) {
  ExportedGraph exported = small_export();
  exported.graph.nodes[2].is_root = true;
  const OptimizerGraph graph = graph_to_optimize("small", exported, Machine());
  ASSERT_EQ(graph.graph.nodes.size(), 5U);
  EXPECT_EQ(graph.graph.nodes[2].kind, NodeKind::view);
}

OptimizerGraph small_graph() {
  OptimizerGraph graph = graph_to_optimize("small", small_export(), Machine());
  graph.all_tasks = {{1, 0, 1, 0}, {0, 0, 1, 2}, {-1, -1, 0, -1}};
  graph.single_tasks = {{0, 1, 1, 0}, {0, 0, 3, 1}, {-1, -1, -1, -1}};
  graph.machine.memory_bytes = 1234;
  return graph;
}

TEST(GraphFile, GivesBackWhatWasWritten) {
  const TemporaryFolder folder;
  const OptimizerGraph written = small_graph();
  write_graph_file(written, folder.path() / "small.npz");
  const OptimizerGraph read = read_graph_file(folder.path() / "small.npz");
  EXPECT_EQ(read.name, "small");
  EXPECT_EQ(read.opcodes, written.opcodes);
  EXPECT_EQ(read.shapes, written.shapes);
  for (const auto& [plan, as_written] : {std::pair{&read.all_tasks, &written.all_tasks},
                                         std::pair{&read.single_tasks, &written.single_tasks}}) {
    EXPECT_EQ(plan->device, as_written->device);
    EXPECT_EQ(plan->schedule_level, as_written->schedule_level);
    EXPECT_EQ(plan->fusion_level, as_written->fusion_level);
  }
  EXPECT_EQ(read.machine.memory_bytes, 1234);
  EXPECT_EQ(read.machine.link_bandwidth, written.machine.link_bandwidth);
  ASSERT_EQ(read.graph.nodes.size(), written.graph.nodes.size());
  for (size_t id = 0; id < read.graph.nodes.size(); ++id) {
    const CostNode &left = read.graph.nodes[id], &right = written.graph.nodes[id];
    EXPECT_EQ(left.kind, right.kind);
    EXPECT_EQ(left.operands, right.operands);
    EXPECT_EQ(left.flops, right.flops);
    EXPECT_EQ(left.output_bytes, right.output_bytes);
    EXPECT_EQ(left.resident_bytes, right.resident_bytes);
    EXPECT_EQ(left.colocation, right.colocation);
    EXPECT_EQ(left.layer, right.layer);
    EXPECT_EQ(left.fusible, right.fusible);
  }
}

TEST(GraphFile, TheSameGraphIsTheSameBytes) {
  const TemporaryFolder folder;
  write_graph_file(small_graph(), folder.path() / "a.npz");
  write_graph_file(small_graph(), folder.path() / "b.npz");
  EXPECT_EQ(read_whole_file(folder.path() / "a.npz"), read_whole_file(folder.path() / "b.npz"));
}

// A file of two nodes, a parameter and its consumer, which a test spoils.
struct TwoNodes {
  std::vector<uint8_t> kind = {3, 0}, opcode = {63, 2}, fusible = {1, 1};
  std::vector<int32_t> device = {0, 1}, schedule = {0, 1}, fusion = {-1, 1}, single_device = {0, 0};
  std::vector<int64_t> flops = {0, 4}, output_bytes = {8, 8}, resident_bytes = {8, 0};
  std::vector<int32_t> colocation = {-1, -1}, layer = {-1, -1}, operand_offsets = {0, 0, 1}, operands = {0};
  std::vector<int64_t> shape = std::vector<int64_t>(16, 1);
  std::vector<int64_t> machine = {2, 1000, 1000, 1000, 1, 1000, 1};

  // The error that reading it gives, or "".
  std::string error() const {
    const TemporaryFolder folder;
    NpzWriter writer(folder.path() / "two.npz");
    writer.add("kind", {std::ssize(kind)}, kind);
    writer.add("opcode", {std::ssize(opcode)}, opcode);
    writer.add("fusible", {std::ssize(fusible)}, fusible);
    writer.add("all_device", {std::ssize(device)}, device);
    writer.add("all_schedule", {std::ssize(schedule)}, schedule);
    writer.add("all_fusion", {std::ssize(fusion)}, fusion);
    writer.add("single_device", {std::ssize(single_device)}, single_device);
    writer.add("single_schedule", {std::ssize(schedule)}, schedule);
    writer.add("single_fusion", {std::ssize(fusion)}, fusion);
    writer.add("flops", {std::ssize(flops)}, flops);
    writer.add("output_bytes", {std::ssize(output_bytes)}, output_bytes);
    writer.add("resident_bytes", {std::ssize(resident_bytes)}, resident_bytes);
    writer.add("colocation", {std::ssize(colocation)}, colocation);
    writer.add("layer", {std::ssize(layer)}, layer);
    writer.add("operand_offsets", {std::ssize(operand_offsets)}, operand_offsets);
    writer.add("operands", {std::ssize(operands)}, operands);
    writer.add("shape", {std::ssize(shape) / 8, 8}, shape);
    writer.add("machine", {std::ssize(machine)}, machine);
    writer.finish();
    try {
      read_graph_file(folder.path() / "two.npz");
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }
};

TEST(GraphFile, RefusesNumbersThatAreNoGraph) {
  EXPECT_EQ(TwoNodes().error(), "");
  const auto spoilt = [](const std::function<void(TwoNodes&)>& spoil) {
    TwoNodes nodes;
    spoil(nodes);
    return nodes.error();
  };
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.operands = {1}; }), HasSubstr("topological order"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.operands = {-1}; }), HasSubstr("no such operand"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.operand_offsets = {0, 5, 1}; }), HasSubstr("operand_offsets"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.operand_offsets = {0, -5, 1}; }), HasSubstr("operand_offsets"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.operand_offsets = {0, 0}; }), HasSubstr("shape"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.kind = {3, 4}; }), HasSubstr("kind"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.opcode = {63, 255}; }), HasSubstr("operation"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.opcode = {63, 97}; }), HasSubstr("operation"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.flops = {0, -4}; }), HasSubstr("negative"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.output_bytes = {8, INT64_MAX}; }), HasSubstr("bytes"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.single_device = {0, 2}; }), HasSubstr("device 2"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.device = {9, 0}; }), HasSubstr("device 9"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.device = {-1, 0}; }), HasSubstr("device"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.fusion = {-2, 0}; }), HasSubstr("levels 0 and -2 for node 0"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.schedule = {0, 2}; }), HasSubstr("levels 2 and 1 for node 1"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.schedule = {-1, 0}; }), HasSubstr("levels -1"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.machine[0] = 0; }), HasSubstr("0 devices"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.machine[0] = int64_t{1} << 32; }), HasSubstr("devices"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.machine[1] = 0; }), HasSubstr("no graph"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.shape[3] = -1; }), HasSubstr("negative"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.shape.resize(8); }), HasSubstr("shape"));
  EXPECT_THAT(spoilt([](TwoNodes& n) { n.colocation = {-2, -1}; }), HasSubstr("no graph"));
}

TEST(GraphFile, RefusesATruncatedFile) {
  const TemporaryFolder folder;
  write_graph_file(small_graph(), folder.path() / "small.npz");
  const std::string bytes = read_whole_file(folder.path() / "small.npz");
  for (size_t length = 0; length < bytes.size(); length += 97) {
    write_whole_file(folder.path() / "cut.npz", std::string_view(bytes).substr(0, length));
    EXPECT_NE(user_error_of([&] { read_graph_file(folder.path() / "cut.npz"); }), "") << length;
  }
}

TEST(GraphHeuristics, AreSortedReadBackAndGiveABasePlacementThatFits) {
  const TemporaryFolder folder;
  OptimizerGraph graph = small_graph();
  graph.machine.memory_bytes = 1'000'000;
  const GraphHeuristics heuristics = compute_heuristics(graph);
  const Dataflow flow(graph.graph);
  EXPECT_TRUE(Simulator(flow, graph.machine).run({graph.single_tasks.device, {}, {}}).valid());
  for (const char* variant : {"all", "placement", "schedule", "fusion"}) {
    const auto& times = heuristics.at(variant);
    for (size_t i = 1; i < times.size(); ++i) EXPECT_LE(times[i - 1].makespan_ps, times[i].makespan_ps);
  }
  const std::map<std::string, GraphHeuristics> all = {{"small", heuristics}};
  write_heuristics(folder.path() / "baselines.json", all);
  const auto read = read_heuristics(folder.path() / "baselines.json");
  EXPECT_EQ(read, all);
  EXPECT_EQ(best_heuristic(read, "small", "").makespan_ps, heuristics.at("placement").front().makespan_ps);
  EXPECT_THAT(user_error_of([&] { best_heuristic(read, "large", "fusion"); }), HasSubstr("large, fusion"));
  write_whole_file(folder.path() / "baselines.json", "{\"a\": 1");
  EXPECT_NE(user_error_of([&] { read_heuristics(folder.path() / "baselines.json"); }), "");
}

TEST(GraphHeuristics, SayWhenNothingFits) {
  OptimizerGraph graph = small_graph();
  graph.machine.memory_bytes = 10;
  EXPECT_THAT(user_error_of([&] { compute_heuristics(graph); }), HasSubstr("memory"));
}

TEST(DecidedTasks, AreNamedByTheVariant) {
  EXPECT_TRUE(decided_tasks("").placement);
  EXPECT_FALSE(decided_tasks("").fusion);
  EXPECT_TRUE(decided_tasks("all").fusion);
  EXPECT_TRUE(decided_tasks("schedule").schedule);
  EXPECT_THAT(user_error_of([] { decided_tasks("both"); }), HasSubstr("both"));
}

TEST(GraphOptimizerPreparation, WritesTheGraphsThatThisProgramBrings) {
  const TemporaryFolder folder;
  const auto data_set = folder.path() / "mini";
  make_preparation("graph_optimizer")->make_mini(data_set, folder.path(), [](auto&&...) {});
  const DataSetManifest manifest = read_manifest(data_set, "graph_optimizer");
  EXPECT_EQ(manifest.id, graph_manifest(data_set).id);
  EXPECT_EQ(manifest.examples.at("train"), 12);
  EXPECT_EQ(manifest.examples.at("validation"), 2);
  EXPECT_EQ(manifest.examples.at("test"), 2);
  for (const char* split : {"train", "valid", "test"}) {
    for (const char* variant : {"", "schedule", "fusion", "all"}) {
      for (const auto& planned : read_planned_graphs(data_set, split, variant)) {
        const SimulationResult start = Simulator(planned->flow, planned->graph.machine).run(planned->start);
        EXPECT_TRUE(start.valid());
        EXPECT_EQ(start.makespan_ps, planned->reference_ps) << "policies start from the best heuristic plan";
        EXPECT_FALSE(Simulator(planned->flow, planned->graph.machine).run({}).valid())
            << planned->graph.name << " fits on one device";
      }
    }
  }
}

TEST(PlannedGraph, RefusesMoreDevicesThanAPolicyKnows) {
  const TemporaryFolder folder;
  OptimizerGraph graph = small_graph();
  graph.machine.devices = 5;
  std::filesystem::create_directories(folder.path() / "train");
  write_graph_file(graph, folder.path() / "train/small.npz");
  write_heuristics(folder.path() / "baselines.json", {{"small", {{"placement", {{"heft", 1, 0}}}}}});
  EXPECT_THAT(user_error_of([&] { read_planned_graphs(folder.path(), "train", ""); }),
              HasSubstr("5 devices"));
}

TEST(GraphOptimizerPreparation, ChecksAFullDataSet) {
  const TemporaryFolder folder;
  const auto data_set = folder.path() / "full";
  const auto preparation = make_preparation("graph_optimizer");
  EXPECT_THAT(user_error_of([&] { preparation->check_full(data_set, [](auto&&...) {}); }),
              HasSubstr("export-graphs"));
  preparation->make_mini(data_set, folder.path(), [](auto&&...) {});
  const std::string id = read_manifest(data_set, "graph_optimizer").id;
  preparation->check_full(data_set, [](auto&&...) {});
  EXPECT_EQ(read_manifest(data_set, "graph_optimizer").id, id);
}

}  // namespace
}  // namespace timetrial
