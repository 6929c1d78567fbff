// Small steps, of which every node is known.

#include <torch/torch.h>

#include "expect_user_error.h"
#include "graph_text.h"
#include "workloads/graph_export/step_export.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

at::Tensor weight(at::IntArrayRef sizes, at::Device device = at::kCPU) {
  return at::full(sizes, 0.5, at::TensorOptions().device(device)).requires_grad_();
}

at::Tensor data(at::IntArrayRef sizes, at::Device device = at::kCPU) {
  return at::ones(sizes, at::TensorOptions().device(device));
}

// x [2, 3] -> linear, relu [2, 4] -> matrix [2, 2] -> sum
StepToExport two_layers(at::Device device) {
  const at::Tensor first = weight({4, 3}, device);
  const at::Tensor bias = weight({4}, device);
  const at::Tensor second = weight({4, 2}, device);
  const at::Tensor x = data({2, 3}, device);
  StepToExport step;
  step.weights = {{"first.weight", first}, {"first.bias", bias}, {"second.weight", second}};
  step.inputs = {{"x", x}};
  step.forward = [=] { return at::relu(at::addmm(bias, x, first.t())).mm(second).sum(); };
  step.update = gradient_update();
  return step;
}

TEST(GraphExport, EveryNodeOfATwoLayerPerceptron) {
  const ExportedGraph graph = export_step(two_layers(at::kCPU));
  EXPECT_THAT(lines_of(graph),
              ElementsAre("0 parameter() f32[4,3] forward group first.weight layer first",
                          "1 parameter() f32[4] forward group first.bias layer first",
                          "2 parameter() f32[4,2] forward group second.weight layer second",
                          "3 parameter() f32[2,3] forward",
                          // x W^T + b
                          "4 transpose(0) f32[3,4] dims 1,0 view forward layer first",
                          "5 dot(3,4) f32[2,4] flops 48 forward layer first",
                          "6 broadcast(1) f32[2,4] dims 1 view forward layer first",
                          "7 add(5,6) f32[2,4] flops 8 forward layer first",
                          "8 maximum(7) f32[2,4] flops 8 forward layer first",
                          "9 dot(8,2) f32[2,2] flops 32 forward layer second",
                          "10 reduce(9) f32[] dims 0,1 flops 4 forward layer second root",
                          // the loss's own gradient
                          "11 constant() f32[] backward layer second",
                          "12 broadcast(11) f32[2,2] view backward layer second",
                          // of the second matrix, and of what it was given
                          "13 transpose(8) f32[4,2] dims 1,0 view backward layer second",
                          "14 dot(13,12) f32[4,2] flops 32 backward group second.weight layer second",
                          "15 transpose(2) f32[2,4] dims 1,0 view backward layer second",
                          "16 dot(12,15) f32[2,4] flops 32 backward layer second",
                          // of relu
                          "17 compare(8) pred[2,4] flops 8 backward layer first",
                          "18 select(17,16) f32[2,4] flops 8 backward layer first",
                          // of the linear layer
                          "19 transpose(18) f32[4,2] dims 1,0 view backward layer first",
                          "20 dot(19,3) f32[4,3] flops 48 backward group first.weight layer first",
                          "21 transpose(20) f32[3,4] dims 1,0 view backward group first.weight layer first",
                          // autograd sums with the dimension kept and views the row, and turns the transposed
                          // weight's gradient
                          "22 reduce(18) f32[4] dims 0 flops 8 backward group first.bias layer first",
                          "23 reshape(22) f32[1,4] view backward group first.bias layer first",
                          "24 reshape(23) f32[4] view backward group first.bias layer first",
                          "25 transpose(21) f32[4,3] dims 1,0 view backward group first.weight layer first",
                          // each weight less a multiple of its gradient
                          "26 multiply(25) f32[4,3] flops 12 update group first.weight layer first",
                          "27 add(0,26) f32[4,3] flops 12 update group first.weight layer first root",
                          "28 multiply(24) f32[4] flops 4 update group first.bias layer first",
                          "29 add(1,28) f32[4] flops 4 update group first.bias layer first root",
                          "30 multiply(14) f32[4,2] flops 8 update group second.weight layer second",
                          "31 add(2,30) f32[4,2] flops 8 update group second.weight layer second root"));
  EXPECT_EQ(graph.output_bytes[5], 2 * 4 * 4);
  EXPECT_EQ(graph.output_bytes[17], 2 * 4);
  EXPECT_EQ(graph.source[5], "aten::addmm");
  EXPECT_EQ(graph.source[3], "x");
  EXPECT_EQ(graph.graph.nodes[3].parameter_number, 3);
}

TEST(GraphExport, AdamKeepsItsStatesBesideTheWeight) {
  StepToExport step = two_layers(at::kCPU);
  step.update = adam_update();
  const ExportedGraph graph = export_step(step);
  int64_t parameters = 0;
  int64_t roots = 0;
  int64_t updates = 0;
  for (size_t id = 0; id < graph.graph.nodes.size(); ++id) {
    const bool is_state = graph.source[id].find(".state") != std::string::npos;
    parameters += graph.graph.nodes[id].opcode == Opcode::parameter;
    roots += graph.graph.nodes[id].is_root;
    if (is_state || graph.phase[id] == TrainingPhase::update) {
      EXPECT_NE(graph.colocation_group[id], kNoGroup) << id;
      EXPECT_NE(graph.layer[id], kNoLayer) << id;
    }
    if (is_state) {
      EXPECT_EQ(graph.phase[id], TrainingPhase::update) << "an input has the phase of its first use";
    }
    updates += graph.phase[id] == TrainingPhase::update && !is_state;
  }
  EXPECT_EQ(parameters, 3 + 3 * 2 + 1);
  EXPECT_EQ(roots, 1 + 3 * 3);
  EXPECT_EQ(updates, 3 * 12);
}

TEST(GraphExport, StopsAfterThePassThatIsAskedFor) {
  StepToExport step = two_layers(at::kCPU);
  step.last = TrainingPhase::forward;
  EXPECT_EQ(export_step(step).graph.nodes.size(), 11u);
  step.last = TrainingPhase::backward;
  const ExportedGraph graph = export_step(step);
  EXPECT_EQ(graph.graph.nodes.size(), 26u);
  EXPECT_TRUE(graph.graph.nodes[25].is_root);  // a gradient
  EXPECT_FALSE(step.weights[0].tensor.grad().defined());
}

TEST(GraphExport, ViewsCanBeLeftOut) {
  const ExportedGraph graph = without_views(export_step(two_layers(at::kCPU)));
  validate(graph);
  EXPECT_EQ(graph.graph.nodes.size(), 32u - 10u);
  const std::vector<std::string> lines = lines_of(graph);
  EXPECT_EQ(lines[4], "4 dot(3,0) f32[2,4] flops 48 forward layer first");
  EXPECT_EQ(lines[5], "5 add(4,1) f32[2,4] flops 8 forward layer first");
}

// Two convolutions, the first grouped and strided, batch norm, pooling.
StepToExport convolutions(at::Device device) {
  const at::Tensor first = weight({4, 2, 3, 3}, device);
  const at::Tensor second = weight({6, 4, 3, 2}, device);
  const at::Tensor bias = weight({6}, device);
  const at::Tensor scale = weight({4}, device);
  const at::Tensor shift = weight({4}, device);
  const at::Tensor mean = data({4}, device);
  const at::Tensor variance = data({4}, device);
  const at::Tensor images = data({2, 4, 9, 8}, device);
  StepToExport step;
  step.weights = {
      {"a.weight", first}, {"bn.scale", scale}, {"bn.shift", shift}, {"b.weight", second}, {"b.bias", bias}};
  step.inputs = {{"mean", mean}, {"variance", variance}, {"images", images}};
  step.forward = [=] {
    const at::Tensor a = at::conv2d(images, first, {}, {2, 2}, {1, 1}, {1, 1}, 2);  // [2, 4, 5, 4]
    const at::Tensor normal = at::batch_norm(a, scale, shift, mean, variance, true, 0.1, 1e-5, false);
    const at::Tensor b = at::conv2d(normal, second, bias, {1, 1}, {2, 1}, {2, 1});  // [2, 6, 5, 5]
    return at::max_pool2d(b, {2, 2}).sum();
  };
  step.last = TrainingPhase::backward;
  return step;
}

TEST(GraphExport, ConvolutionsOfBothDirections) {
  const ExportedGraph graph = export_step(convolutions(at::kCPU));
  const std::vector<int32_t> found = nodes_of(graph, Opcode::convolution);
  ASSERT_EQ(found.size(), 5u);  // two, and the gradients of: second input, second kernel, first kernel
  const auto node = [&](size_t i) -> const GraphNode& {
    return graph.graph.nodes[static_cast<size_t>(found[i])];
  };
  const auto flops = [&](size_t i) { return graph.flops[static_cast<size_t>(found[i])]; };

  EXPECT_EQ(node(0).output.dimensions, (std::vector<int64_t>{2, 4, 5, 4}));
  EXPECT_EQ(node(0).window[0],
            (WindowDimension{.size = 3, .stride = 2, .padding_low = 1, .padding_high = 1}));
  EXPECT_EQ(node(0).feature_group_count, 2);
  EXPECT_EQ(node(0).batch_group_count, 1);
  EXPECT_EQ(*node(0).convolution, (ConvolutionDimensions{0, 1, {2, 3}, 1, 0, {2, 3}, 0, 1}));
  EXPECT_EQ(flops(0), 2 * (2 * 4 * 5 * 4) * (2 * 3 * 3));

  EXPECT_EQ(node(1).window[0],
            (WindowDimension{.size = 3, .padding_low = 2, .padding_high = 2, .window_dilation = 2}));
  EXPECT_EQ(node(1).window[1], (WindowDimension{.size = 2, .padding_low = 1, .padding_high = 1}));
  EXPECT_EQ(flops(1), 2 * (2 * 6 * 5 * 5) * (4 * 3 * 2));

  // Of the second input: the gradient under the reversed kernel, whose features change sides.
  EXPECT_EQ(node(2).output.dimensions, (std::vector<int64_t>{2, 4, 5, 4}));
  EXPECT_EQ(*node(2).convolution, (ConvolutionDimensions{0, 1, {2, 3}, 0, 1, {2, 3}, 0, 1}));
  EXPECT_EQ(node(2).window[0],
            (WindowDimension{
                .size = 3, .padding_low = 2, .padding_high = 2, .window_dilation = 2, .reversed = true}));
  EXPECT_EQ(node(2).window[1],
            (WindowDimension{.size = 2, .padding_low = 0, .padding_high = 0, .reversed = true}));
  EXPECT_EQ(flops(2), flops(1));

  // Of the second kernel: input under gradient, the batch summed over.
  EXPECT_EQ(node(3).output.dimensions, (std::vector<int64_t>{6, 4, 3, 2}));
  EXPECT_EQ(*node(3).convolution, (ConvolutionDimensions{1, 0, {2, 3}, 0, 1, {2, 3}, 1, 0}));
  EXPECT_EQ(node(3).window[0],
            (WindowDimension{.size = 5, .stride = 2, .padding_low = 2, .padding_high = 2}));
  EXPECT_EQ(node(3).window[1], (WindowDimension{.size = 5, .padding_low = 1, .padding_high = 1}));

  // Of the first kernel, in groups of the batch; its stride spreads the gradient.
  EXPECT_EQ(node(4).batch_group_count, 2);
  EXPECT_EQ(node(4).feature_group_count, 1);
  EXPECT_EQ(node(4).window[0],
            (WindowDimension{.size = 5, .padding_low = 1, .padding_high = 1, .window_dilation = 2}));
  EXPECT_EQ(node(4).window[1],
            (WindowDimension{.size = 4, .padding_low = 1, .padding_high = 0, .window_dilation = 2}));
  EXPECT_EQ(flops(4), flops(0));
}

TEST(GraphExport, BatchNormIsATupleAndMovesItsStatistics) {
  const ExportedGraph graph = export_step(convolutions(at::kCPU));
  const auto training = nodes_of(graph, Opcode::batch_norm_training);
  const auto gradient = nodes_of(graph, Opcode::batch_norm_grad);
  ASSERT_EQ(training.size(), 1u);
  ASSERT_EQ(gradient.size(), 1u);
  EXPECT_EQ(graph.graph.nodes[static_cast<size_t>(training[0])].tuple_size, 3);
  EXPECT_EQ(graph.flops[static_cast<size_t>(training[0])], 8 * 2 * 4 * 5 * 4);
  EXPECT_EQ(graph.flops[static_cast<size_t>(gradient[0])], 10 * 2 * 4 * 5 * 4);
  EXPECT_EQ(nodes_of(graph, Opcode::get_tuple_element).size(), 6u);
  EXPECT_EQ(nodes_of(graph, Opcode::reduce_window).size(), 1u);
  EXPECT_EQ(nodes_of(graph, Opcode::select_and_scatter).size(), 1u);
  int64_t roots = 0;  // loss, two statistics, five gradients
  for (const GraphNode& node : graph.graph.nodes) roots += node.is_root;
  EXPECT_EQ(roots, 8);
}

// One head on [1, 5, 8] by plain operations.
StepToExport attention(at::Device device) {
  const at::Tensor mixed = weight({8, 24}, device);
  const at::Tensor x = data({5, 8}, device);
  StepToExport step;
  step.weights = {{"mixed.weight", mixed}};
  step.inputs = {{"x", x}};
  step.forward = [=] {
    const auto parts = x.mm(mixed).split(8, 1);
    return (parts[0].mm(parts[1].t()) * 0.35).softmax(1).mm(parts[2]).sum();
  };
  step.last = TrainingPhase::forward;
  return step;
}

TEST(GraphExport, AttentionIsMadeOfXlasOperations) {
  EXPECT_THAT(
      lines_of(export_step(attention(at::kCPU))),
      ElementsAre("0 parameter() f32[8,24] forward group mixed.weight layer mixed",
                  "1 parameter() f32[5,8] forward", "2 dot(1,0) f32[5,24] flops 1920 forward layer mixed",
                  "3 slice(2) f32[5,8] from 0,0 to 5,8 view forward layer mixed",
                  "4 slice(2) f32[5,8] from 0,8 to 5,16 view forward layer mixed",
                  "5 slice(2) f32[5,8] from 0,16 to 5,24 view forward layer mixed",
                  "6 transpose(4) f32[8,5] dims 1,0 view forward layer mixed",
                  "7 dot(3,6) f32[5,5] flops 400 forward layer mixed",
                  "8 multiply(7) f32[5,5] flops 25 forward layer mixed",
                  "9 reduce(8) f32[5] dims 1 flops 25 forward layer mixed",
                  "10 broadcast(9) f32[5,5] dims 0 view forward layer mixed",
                  "11 subtract(8,10) f32[5,5] flops 25 forward layer mixed",
                  "12 exponential(11) f32[5,5] flops 200 forward layer mixed",
                  "13 reduce(12) f32[5] dims 1 flops 25 forward layer mixed",
                  "14 broadcast(13) f32[5,5] dims 0 view forward layer mixed",
                  "15 divide(12,14) f32[5,5] flops 25 forward layer mixed",
                  "16 dot(15,5) f32[5,8] flops 400 forward layer mixed",
                  "17 reduce(16) f32[] dims 0,1 flops 40 forward layer mixed root"));
}

// Embedding, layer norm, attention by LibTorch's own call, gelu, cross entropy.
StepToExport language(at::Device device) {
  const at::Tensor table = weight({11, 8}, device);
  const at::Tensor scale = weight({8}, device);
  const at::Tensor shift = weight({8}, device);
  const at::Tensor tokens = at::ones({2, 4}, at::TensorOptions().dtype(at::kLong).device(device));
  StepToExport step;
  step.weights = {{"table.weight", table}, {"norm.scale", scale}, {"norm.shift", shift}};
  step.inputs = {{"tokens", tokens}};
  step.forward = [=] {
    const at::Tensor x = at::layer_norm(at::embedding(table, tokens), {8}, scale, shift);
    const at::Tensor heads = x.view({2, 4, 2, 4}).transpose(1, 2);
    const at::Tensor attended = at::scaled_dot_product_attention(heads, heads, heads);
    const at::Tensor logits = at::linear(at::gelu(attended.transpose(1, 2).flatten(2), "tanh"), table);
    return at::cross_entropy_loss(logits.flatten(0, 1), tokens.flatten());
  };
  return step;
}

TEST(GraphExport, MetaAndCpuGiveTheSameGraph) {
  for (const auto& make : {two_layers, convolutions, attention, language}) {
    const ExportedGraph cpu = export_step(make(at::kCPU));
    const ExportedGraph meta = export_step(make(at::kMeta));
    EXPECT_EQ(lines_of(cpu), lines_of(meta));
    EXPECT_TRUE(cpu == meta);
  }
}

TEST(GraphExport, TheSameStepTwiceGivesTheSameGraph) {
  EXPECT_TRUE(export_step(language(at::kCPU)) == export_step(language(at::kCPU)));
}

TEST(GraphExport, AWriteThroughAViewIsSeenThroughAllThatShareItsMemory) {
  const at::Tensor x = data({4, 3});
  StepToExport step;
  step.inputs = {{"x", x}};
  step.last = TrainingPhase::forward;
  step.forward = [=] {
    at::Tensor all = x.exp();
    const at::Tensor same = all.detach();
    all.narrow(0, 1, 2).neg_();
    return same.sum();
  };
  EXPECT_THAT(
      lines_of(export_step(step)),
      ElementsAre("0 parameter() f32[4,3] forward", "1 exponential(0) f32[4,3] flops 96 forward",
                  "2 slice(1) f32[2,3] from 1,0 to 3,3 view forward", "3 negate(2) f32[2,3] flops 6 forward",
                  "4 dynamic-update-slice(1,3) f32[4,3] forward",
                  "5 reduce(4) f32[] dims 0,1 flops 12 forward root"));
}

TEST(GraphExport, PartsThatLieSideBySideDoNotDependOnEachOther) {
  const at::Tensor x = data({4, 6});
  StepToExport step;
  step.inputs = {{"x", x}};
  step.last = TrainingPhase::forward;
  step.forward = [=] {
    const auto parts = x.exp().chunk(2, 1);
    parts[0].sigmoid_();
    parts[1].tanh_();
    return parts[0] + parts[1];
  };
  EXPECT_THAT(lines_of(export_step(step)),
              ElementsAre("0 parameter() f32[4,6] forward", "1 exponential(0) f32[4,6] flops 192 forward",
                          "2 slice(1) f32[4,3] from 0,0 to 4,3 view forward",
                          "3 slice(1) f32[4,3] from 0,3 to 4,6 view forward",
                          "4 logistic(2) f32[4,3] flops 96 forward", "5 tanh(3) f32[4,3] flops 96 forward",
                          "6 add(4,5) f32[4,3] flops 12 forward root"));
}

TEST(GraphExport, MemoryThatIsWrittenInPiecesIsJoined) {
  const at::Tensor x = data({4});
  StepToExport step;
  step.inputs = {{"x", x}};
  step.last = TrainingPhase::forward;
  step.forward = [=] {
    const at::Tensor all = at::empty({8});
    all.narrow(0, 0, 4).copy_(x);
    all.narrow(0, 4, 4).copy_(x.neg());
    return all.sum();
  };
  EXPECT_THAT(
      lines_of(export_step(step)),
      ElementsAre("0 parameter() f32[4] forward", "1 copy(0) f32[4] forward",
                  "2 negate(0) f32[4] flops 4 forward", "3 copy(2) f32[4] forward",
                  "4 concatenate(1,3) f32[8] forward", "5 reduce(4) f32[] dims 0 flops 8 forward root"));
}

StepToExport forward_only(const at::Tensor& x, std::function<at::Tensor()> forward) {
  StepToExport step;
  step.inputs = {{"x", x}};
  step.last = TrainingPhase::forward;
  step.forward = std::move(forward);
  return step;
}

TEST(GraphExport, AnOperationWithoutARuleIsNamed) {
  const at::Tensor x = data({4});
  EXPECT_THAT(user_error_of([&] { export_step(forward_only(x, [=] { return x.erfinv().sum(); })); }),
              HasSubstr("aten::erfinv"));
  EXPECT_THAT(user_error_of([&] { export_step(forward_only(x, [=] { return x.clone().erfinv_().sum(); })); }),
              HasSubstr("aten::erfinv_"));
}

TEST(GraphExport, AKernelBehindTheDispatchersBackIsFound) {
  const at::Tensor x = data({4});
  const auto by_hand = [=] {
    const at::Tensor out = at::empty({4});
    out.data_ptr<float>()[0] = x.data_ptr<float>()[0];
    return out.sum();
  };
  EXPECT_THAT(user_error_of([&] { export_step(forward_only(x, by_hand)); }), HasSubstr("aten::sum"));
}

TEST(GraphExport, AStepThatReadsValuesCannotRunOnTheMetaDevice) {
  const at::Tensor x = data({4}, at::kMeta);
  const auto branch = [=] { return x.sum().item<float>() > 0 ? x.sum() : x.neg(); };
  EXPECT_THAT(user_error_of([&] { export_step(forward_only(x, branch)); }), HasSubstr("meta device"));
}

TEST(GraphExport, OneRecordingAtATime) {
  const at::Tensor x = data({4});
  EXPECT_THROW(export_step(forward_only(x, [=] { return export_step(two_layers(at::kCPU)), x; })),
               std::logic_error);
  EXPECT_NO_THROW(export_step(two_layers(at::kCPU)));
}

}  // namespace
}  // namespace timetrial
