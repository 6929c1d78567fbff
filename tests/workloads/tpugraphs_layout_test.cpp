// The model of the layout collections, its batches, evaluation and training.

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "expect_user_error.h"
#include "mini_data.h"
#include "short_training.h"
#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/tpugraphs_layout/layout_batch.h"
#include "workloads/tpugraphs_layout/layout_evaluation.h"
#include "workloads/tpugraphs_layout/layout_fingerprint.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;

std::unique_ptr<Workload> layout_workload(const std::string& variant = "", int64_t evaluation_batch = 64) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.variant = variant;
  options.data_directory = mini_data_directory("tpugraphs_layout");
  options.evaluation_batch_size = evaluation_batch;
  return make_workload("tpugraphs_layout", options);
}

// The layers as they are written down: a program and a configuration at a time, the graph as a dense matrix,
// the layouts scattered to all nodes.
at::Tensor plain_score(Workload& workload, const MeasuredProgram& program, int64_t configuration) {
  const auto weights = workload.model().named_parameters();
  const auto leaky = [](const at::Tensor& values) { return at::leaky_relu(values, 0.2); };
  const auto perceptron = [&](const std::string& name, const at::Tensor& input) {
    const auto layer = [&](const std::string& of, const at::Tensor& values) {
      const at::Tensor* bias = weights.find(of + ".bias");
      return at::linear(values, weights[of + ".weight"], bias == nullptr ? at::Tensor() : *bias);
    };
    return layer(name + "_1", leaky(layer(name + "_0", input)));
  };
  const auto unit = [](const at::Tensor& row) {
    return row.norm().item<double>() == 0 ? row : row / row.norm();
  };
  const int64_t nodes = program.graph.nodes(), nc = std::ssize(program.configurable);
  at::Tensor adjacency = torch::eye(nodes, at::kDouble);
  for (size_t e = 0; e < program.graph.consumers.size(); ++e) {
    adjacency[program.graph.consumers[e]][program.graph.producers[e]] += 1;
    adjacency[program.graph.producers[e]][program.graph.consumers[e]] += 1;
  }
  const at::Tensor roots = adjacency.sum(1).sqrt();
  adjacency = adjacency / roots.unsqueeze(0) / roots.unsqueeze(1);
  at::Tensor layouts = torch::zeros({nodes, 18}, at::kDouble);
  for (int64_t i = 0; i < nc; ++i) {
    for (int64_t j = 0; j < 18; ++j)
      layouts[program.configurable[static_cast<size_t>(i)]][j] =
          100 * program.layouts[static_cast<size_t>((configuration * nc + i) * 18 + j)];
  }
  const at::Tensor features = torch::tensor(program.graph.features, at::kDouble).view({nodes, 140});
  const at::Tensor opcodes = torch::tensor(program.graph.opcodes, at::kLong);
  at::Tensor values = leaky(perceptron(
      "prenet", torch::cat({layouts, features, weights["embedding_weight"].index_select(0, opcodes)}, 1)));
  for (const char* layer : {"graph_0", "graph_1"})
    values = values + leaky(perceptron(layer, adjacency.mm(torch::cat({layouts, values}, 1))));
  const at::Tensor chosen =
      values.index_select(0, torch::tensor(program.configurable, at::TensorOptions(at::kLong)));
  return perceptron("head", torch::cat({values.mean(0), unit(values.sum(0)), unit(chosen.sum(0))}, 0))
      .squeeze(0);
}

TEST(ResidualNetwork, ComputesWhatItsLayersSay) {
  const auto workload = layout_workload();
  workload->build_model(3, at::kDouble);
  const at::NoGradGuard no_grad;
  const at::Tensor scores = workload->forward(workload->fingerprint_cases().front().batch, {});
  const std::vector<MeasuredProgram> programs = made_up_programs();
  ASSERT_EQ(scores.sizes(), at::IntArrayRef({2, 4}));
  for (int64_t g = 0; g < 2; ++g) {
    for (int64_t c = 0; c < 4; ++c) {
      EXPECT_NEAR(scores[g][c].item<double>(),
                  plain_score(*workload, programs[static_cast<size_t>(g)], c).item<double>(), 1e-10);
    }
  }
}

TEST(ResidualNetwork, HasTheGradientOfItsFormula) {
  const auto workload = layout_workload();
  workload->build_model(3, at::kDouble);
  const auto weights = workload->model().named_parameters();
  workload->forward(workload->fingerprint_cases().front().batch, {}).sum().backward();
  std::vector<at::Tensor> gradients;
  for (const auto& weight : weights) {
    gradients.push_back(weight.value().grad().clone());
    weight.value().mutable_grad() = at::Tensor();
  }
  at::Tensor sum = torch::zeros({}, at::kDouble);
  for (const MeasuredProgram& program : made_up_programs()) {
    for (int64_t c = 0; c < 4; ++c) sum = sum + plain_score(*workload, program, c);
  }
  sum.backward();
  for (size_t i = 0; i < gradients.size(); ++i)
    EXPECT_TRUE(at::allclose(gradients[i], weights[i].value().grad(), 1e-8, 1e-10)) << weights[i].key();
}

TEST(LayoutBatch, KeepsProgramsAndConfigurationsApart) {
  const auto workload = layout_workload();
  workload->build_model(3, at::kDouble);
  Batch batch = workload->fingerprint_cases().front().batch;
  const at::NoGradGuard no_grad;
  const at::Tensor before = workload->forward(batch, {}).clone();
  batch.tensors["layouts"] = batch.at("layouts").clone();
  batch.tensors["layouts"][3][2] += 1;  // the only configurable node of the second program
  const at::Tensor changed = workload->forward(batch, {}).ne(before);
  EXPECT_EQ(changed.sum().item<int64_t>(), 1);
  EXPECT_TRUE(changed[1][2].item<bool>());
}

TEST(LayoutBatch, LeavesOutWhatLiesOutsideOfItsPieces) {
  const std::vector<MeasuredProgram> programs = made_up_programs();
  const ChosenProgram part{&programs[0], {1, 3}, {{0, 2}, {4, 7}}};
  const Batch batch = layout_batch({&part, 1});
  EXPECT_EQ(batch.at("opcodes").size(0), 5);
  EXPECT_EQ(batch.at("layouts").sizes(), at::IntArrayRef({3, 2, 18}));
  EXPECT_TRUE(at::equal(batch.at("configurable"), torch::tensor({1, 2, 4})));
  EXPECT_TRUE(at::equal(batch.at("configurable_offsets"), torch::tensor({0, 1, 3})));
  EXPECT_TRUE(at::equal(batch.at("node_piece"), torch::tensor({0, 0, 1, 1, 1})));
  EXPECT_TRUE(at::equal(batch.at("piece_offsets"), torch::tensor({0, 2})));
  const at::Tensor pieces = batch.at("node_piece");
  EXPECT_TRUE(
      at::equal(pieces.index_select(0, batch.at("senders")), pieces.index_select(0, batch.at("receivers"))));
}

TEST(EvaluatedConfigurations, AreAllOrAFixedPart) {
  EXPECT_THAT(evaluated_configurations(4, 4), ElementsAre(0, 1, 2, 3));
  const auto part = evaluated_configurations(5000, 1000);
  EXPECT_EQ(std::set(part.begin(), part.end()).size(), 1000U);
  EXPECT_TRUE(std::is_sorted(part.begin(), part.end()));
  EXPECT_EQ(evaluated_configurations(5000, 1000), part);
}

TEST(TpugraphsLayout, HasVariantsOfItsLossAndNamesThem) {
  const Batch batch = layout_workload()->fingerprint_cases().front().batch;
  std::set<double> losses;
  for (const char* variant : {"", "pairwise_hinge", "squared_error"}) {
    const auto workload = layout_workload(variant);
    workload->build_model(3);
    const Loss loss = workload->loss(batch, workload->forward(batch, {}), {});
    EXPECT_EQ(loss.valid_examples.item<double>(), 2);
    EXPECT_EQ(loss.per_example.sizes(), at::IntArrayRef({2}));
    losses.insert(loss.mean().item<double>());
  }
  EXPECT_EQ(losses.size(), 3U);
  EXPECT_THAT(user_error_of([] { layout_workload("late_join"); }), HasSubstr("late_join"));
}

TEST(TpugraphsLayout, TrainsTheSameWhateverTheLoaderAndAfterAnInterruption) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_layout");
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = mini_data_directory("tpugraphs_layout");
  options.evaluation_batch_size = 64;
  constexpr double kSmallRate = 1e-6;  // layouts come times 100
  const auto reference = short_training("tpugraphs_layout", options, 1, -1, kSmallRate);
  const auto resumed = short_training("tpugraphs_layout", options, 3, 5, kSmallRate);
  expect_same_training(*reference, *resumed);
}

TEST(TpugraphsLayout, IsEvaluatedAlikeHoweverItsConfigurationsAreCut) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_layout");
  std::vector<Metrics> all;
  for (const int64_t batch : {17, 1000}) {
    const auto workload = layout_workload("", batch);
    workload->build_model(3, at::kDouble);
    all.push_back(workload->evaluate(Split::validation));
    workload->evaluate(Split::train_evaluation);
    workload->evaluate(Split::test);
  }
  for (const auto& [name, value] : all[0])
    EXPECT_NEAR(value, all[1].at(name), 1e-6 * std::abs(value)) << name;
  EXPECT_THAT(all[0].at("ordered_pair_accuracy"), AllOf(Ge(0), Le(1)));
}

}  // namespace
}  // namespace timetrial
