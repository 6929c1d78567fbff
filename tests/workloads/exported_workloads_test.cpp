// The full-size models of our workloads as graphs. Prints how large they are.

#include <iostream>

#include <torch/torch.h>

#include "expect_user_error.h"
#include "graph_text.h"
#include "workloads/graph_export/step_export.h"

namespace timetrial {
namespace {

constexpr int64_t kExamples = 4;

std::unique_ptr<Workload> on_meta(const std::string& name) {
  WorkloadOptions options;
  options.device = at::kMeta;
  return make_workload(name, options);
}

ExportedGraph exported(const std::string& name, const TrainingStepOptions& options = {}) {
  const auto workload = on_meta(name);
  const FingerprintCase last = workload->fingerprint_cases().back();
  // A batch of graphs is made of nodes and edges: it stays as it is.
  const bool of_graphs = name == "ogbg" || name.starts_with("tpugraphs");
  const Batch batch = meta_batch(last.batch, of_graphs ? 0 : kExamples);
  return export_training_step(*workload, batch, options);
}

// Of dots and convolutions, of which formulas speak.
int64_t product_flops(const ExportedGraph& graph, TrainingPhase phase) {
  int64_t total = 0;
  for (size_t id = 0; id < graph.flops.size(); ++id) {
    const Opcode opcode = graph.graph.nodes[id].opcode;
    if (graph.phase[id] == phase && (opcode == Opcode::dot || opcode == Opcode::convolution))
      total += graph.flops[id];
  }
  return total;
}

// Elements of the matrices among the parameters whose names hold `part`.
int64_t matrix_elements(Workload& workload, const std::string& part = "") {
  int64_t total = 0;
  for (const Parameter& parameter : workload.parameters()) {
    if (parameter.tensor.dim() == 2 && parameter.name.find(part) != std::string::npos)
      total += parameter.tensor.numel();
  }
  return total;
}

void print(const std::string& name, const ExportedGraph& graph) {
  size_t edges = 0;
  for (const GraphNode& node : graph.graph.nodes) edges += node.operands.size();
  const auto gigaflops = [&](TrainingPhase phase) {
    return 1e-9 * static_cast<double>(total_flops(graph, phase));
  };
  std::cout << name << ": " << graph.graph.nodes.size() << " nodes, " << edges << " edges, without views "
            << without_views(graph).graph.nodes.size() << ", " << graph.layers.size() << " layers, Gflop "
            << gigaflops(TrainingPhase::forward) << " + " << gigaflops(TrainingPhase::backward) << " + "
            << gigaflops(TrainingPhase::update) << "\n";
}

TEST(ExportedWorkloads, EveryFullModelHasAGraphWithAllItsWeights) {
  for (const std::string& name : workload_names()) {
    if (name == "graph_optimizer") continue;  // its loss draws from values, and meta tensors have none
    TrainingStepOptions options;
    // Losses that read lengths, and those that sort, cannot be exported without values.
    if (name.starts_with("librispeech") || name.starts_with("tpugraphs"))
      options.loss = [](const at::Tensor& logits) { return logits.mean(); };
    if (name == "librispeech_deepspeech") options.update = gradient_update();
    const ExportedGraph graph = exported(name, options);
    print(name, graph);
    validate(without_views(graph));
    std::vector<bool> updated(graph.weights.size(), false);
    for (size_t id = 0; id < graph.graph.nodes.size(); ++id) {
      EXPECT_NE(graph.graph.nodes[id].opcode, Opcode::unknown);
      const int32_t group = graph.colocation_group[id];
      if (graph.phase[id] != TrainingPhase::update) continue;
      ASSERT_NE(group, kNoGroup) << name << ": " << line_of(graph, id);
      if (graph.graph.nodes[id].is_root) updated[static_cast<size_t>(group)] = true;
    }
    for (size_t i = 0; i < updated.size(); ++i) EXPECT_TRUE(updated[i]) << name << ": " << graph.weights[i];
  }
}

TEST(ExportedWorkloads, ResNetMakesFourBillionProductsAnImage) {
  TrainingStepOptions options;
  options.last = TrainingPhase::backward;
  const ExportedGraph graph = exported("imagenet_resnet", options);
  const auto forward = static_cast<double>(product_flops(graph, TrainingPhase::forward));
  // Torchvision gives 4.09 billion multiplications for ResNet-50 at 224 pixels.
  EXPECT_NEAR(forward / (2e9 * kExamples), 4.09, 0.01);
  // Two gradients for every convolution but the first, whose input has none: 118 million products.
  const double first = 2.0 * kExamples * 112 * 112 * 64 * 7 * 7 * 3;
  EXPECT_EQ(static_cast<double>(product_flops(graph, TrainingPhase::backward)), 2 * forward - first);
}

TEST(ExportedWorkloads, VisionTransformerMakesThoseOfItsMatricesAndItsAttention) {
  const auto workload = on_meta("imagenet_vit");
  workload->build_model(1);
  const int64_t head = matrix_elements(*workload, "head") + matrix_elements(*workload, "pre_logits");
  constexpr int64_t kTokens = 14 * 14;
  constexpr int64_t kWidth = 384;
  constexpr int64_t kDepth = 12;
  const int64_t patches = kTokens * kWidth * 16 * 16 * 3;
  const int64_t of_tokens = kTokens * (matrix_elements(*workload) - head);
  const int64_t attention = 2 * kDepth * kTokens * kTokens * kWidth;
  TrainingStepOptions options;
  options.last = TrainingPhase::forward;
  EXPECT_EQ(product_flops(exported("imagenet_vit", options), TrainingPhase::forward),
            2 * kExamples * (patches + of_tokens + attention + head));
}

TEST(ExportedWorkloads, LanguageModelMakesThoseOfItsMatricesAndItsAttention) {
  const auto workload = on_meta("finewebedu_lm");
  workload->build_model(1);
  TrainingStepOptions options;
  options.last = TrainingPhase::forward;
  const ExportedGraph graph = exported("finewebedu_lm", options);
  const int64_t tokens = workload->fingerprint_cases().back().batch.at("inputs").size(1);
  constexpr int64_t kWidth = 1024;
  constexpr int64_t kDepth = 12;
  // The table is looked up and is the last matrix too.
  EXPECT_EQ(product_flops(graph, TrainingPhase::forward),
            2 * kExamples * tokens * (matrix_elements(*workload) + 2 * kDepth * tokens * kWidth));
}

TEST(ExportedWorkloads, PerceptronMakesThoseOfItsMatrices) {
  const auto workload = on_meta("mnist");
  workload->build_model(1);
  const ExportedGraph graph = exported("mnist");
  EXPECT_EQ(product_flops(graph, TrainingPhase::forward), 2 * kExamples * matrix_elements(*workload));
}

TEST(ExportedWorkloads, MnistOnTheCpuIsTheSameGraph) {
  WorkloadOptions options;
  const auto workload = make_workload("mnist", options);
  const Batch batch = workload->fingerprint_cases().front().batch;
  const ExportedGraph cpu = export_training_step(*workload, batch);
  const ExportedGraph meta = export_training_step(*on_meta("mnist"), meta_batch(batch));
  EXPECT_EQ(lines_of(cpu), lines_of(meta));
  EXPECT_TRUE(cpu == meta);
}

TEST(ExportedWorkloads, ALossThatNeedsLengthsSaysThatMetaTensorsHaveNoValues) {
  EXPECT_THAT(user_error_of([] { exported("librispeech_conformer"); }), testing::HasSubstr("meta device"));
}

TEST(MetaBatch, TakesAnotherNumberOfExamples) {
  Batch batch;
  batch.tensors = {
      {"inputs", at::ones({4, 3})}, {"targets", at::ones({4}, at::kLong)}, {"scale", at::ones({3})}};
  batch.examples = 3;
  const Batch large = meta_batch(batch, 128);
  EXPECT_EQ(large.examples, 128);
  EXPECT_EQ(large.at("inputs").sizes(), (std::vector<int64_t>{128, 3}));
  EXPECT_EQ(large.at("targets").sizes(), (std::vector<int64_t>{128}));
  EXPECT_EQ(large.at("scale").sizes(), (std::vector<int64_t>{3}));
  EXPECT_TRUE(large.at("inputs").is_meta());
  EXPECT_EQ(meta_batch(batch).at("inputs").size(0), 4);
}

}  // namespace
}  // namespace timetrial
