// The model of the tile collection, its losses, batches and training.

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <torch/torch.h>

#include "expect_user_error.h"
#include "mini_data.h"
#include "short_training.h"
#include "workloads/computation_graph/tile_configuration.h"
#include "workloads/tpugraphs/configuration_draw.h"
#include "workloads/tpugraphs/ranking_losses.h"
#include "workloads/tpugraphs_tile/early_join_network.h"
#include "workloads/tpugraphs_tile/tile_batch.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using ::testing::Each;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::Lt;

TEST(ListMle, IsTheLikelihoodOfTheMeasuredOrder) {
  // Slowest first: times 3, 2, 1 with scores 0.5, 1, 2 (temperature 1).
  const at::Tensor scores = torch::tensor({{1.0, 2.0, 0.5}}, at::kDouble);
  const at::Tensor times = torch::tensor({{2.0, 1.0, 3.0}}, at::kDouble);
  const double first = std::exp(0.5) / (std::exp(0.5) + std::exp(1) + std::exp(2));
  const double second = std::exp(1) / (std::exp(1) + std::exp(2));
  EXPECT_NEAR(list_mle(scores, times, 1).item<double>(), -std::log(first * second), 1e-12);
  EXPECT_NEAR(list_mle(scores * 10, times, 10).item<double>(), -std::log(first * second), 1e-12);
}

TEST(ListMle, FallsWhenScoresGrowWithTimes) {
  const at::Tensor times = torch::tensor({{1.0, 2.0, 3.0}, {3.0, 1.0, 2.0}}, at::kDouble);
  const at::Tensor right = list_mle(times, times, 1), wrong = list_mle(-times, times, 1);
  EXPECT_TRUE(right.lt(wrong).all().item<bool>());
  EXPECT_TRUE(list_mle(3 * times, times, 1).lt(right).all().item<bool>());
}

TEST(ListMle, HasTheGradientOfItsFormula) {
  const at::Tensor scores = torch::rand({3, 6}, at::kDouble).requires_grad_();
  const at::Tensor times = torch::rand({3, 6}, at::kDouble);
  list_mle(scores, times, 10).sum().backward();
  constexpr double kStep = 1e-6;
  for (int64_t i = 0; i < 6; ++i) {
    at::Tensor more = scores.detach().clone(), less = scores.detach().clone();
    more[1][i] += kStep;
    less[1][i] -= kStep;
    const double slope =
        (list_mle(more, times, 10).sum() - list_mle(less, times, 10).sum()).item<double>() / (2 * kStep);
    EXPECT_NEAR(scores.grad()[1][i].item<double>(), slope, 1e-7);
  }
}

TEST(PairwiseHinge, AddsWhatEachPairLacksOfItsMargin) {
  // Slower minus faster: 1 - 0 = 1, 0.05 - 0 = 0.05, 0.05 - 1 = -0.95; equal times are no pair.
  const at::Tensor scores = torch::tensor({{0.0, 1.0, 0.05, 7.0}}, at::kDouble);
  const at::Tensor times = torch::tensor({{1.0, 2.0, 3.0, 3.0}}, at::kDouble);
  EXPECT_NEAR(pairwise_hinge(scores, times, 0.1).item<double>(), 0 + 0.05 + 1.05, 1e-12);
}

TEST(MeanSquaredTimeError, IsAMeanOverConfigurations) {
  const at::Tensor error = mean_squared_time_error(torch::tensor({{1.0, 2.0}}), torch::tensor({{3.0, 2.0}}));
  EXPECT_EQ(error.item<double>(), 2);
}

TEST(DrawConfigurations, AreAllDifferentAndFollowFromSeedEpochAndKernel) {
  const auto drawn = draw_configurations(20, 10, 1, 2, 3);
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), 10U);
  EXPECT_THAT(drawn, Each(Lt(20U)));
  EXPECT_EQ(draw_configurations(20, 10, 1, 2, 3), drawn);
  EXPECT_NE(draw_configurations(20, 10, 2, 2, 3), drawn);
  EXPECT_NE(draw_configurations(20, 10, 1, 3, 3), drawn);
  EXPECT_NE(draw_configurations(20, 10, 1, 2, 4), drawn);
  EXPECT_EQ(draw_configurations(3, 10, 1, 2, 3).size(), 10U) << "repeated where there are too few";
}

std::unique_ptr<Workload> tile_workload(const std::string& variant = "") {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.variant = variant;
  options.data_directory = mini_data_directory("tpugraphs_tile");
  options.evaluation_batch_size = 64;
  return make_workload("tpugraphs_tile", options);
}

// The layers as they are written down: every node and configuration by itself, neighbours by a matrix.
at::Tensor plain_scores(Workload& workload, const Batch& batch) {
  const auto weights = workload.model().named_parameters();
  const auto linear = [&](const std::string& name, const at::Tensor& input) {
    return at::linear(input, weights[name + ".weight"], weights[name + ".bias"]);
  };
  const auto unit = [](const at::Tensor& rows) { return rows / rows.norm(2, {-1}, true); };
  const int64_t nodes = batch.at("opcodes").size(0), configurations = batch.at("targets").size(1);
  at::Tensor neighbours = torch::zeros({nodes, nodes}, at::kDouble);
  for (int64_t e = 0; e < batch.at("senders").size(0); ++e)
    neighbours[batch.at("receivers")[e].item<int64_t>()][batch.at("senders")[e].item<int64_t>()] += 1;
  at::Tensor scores = torch::zeros(batch.at("targets").sizes(), at::kDouble);
  for (int64_t c = 0; c < configurations; ++c) {
    const at::Tensor tiles =
        batch.at("configurations").select(1, c).to(at::kDouble).index_select(0, batch.at("node_kernel"));
    at::Tensor values = torch::cat({weights["embedding_weight"].index_select(0, batch.at("opcodes")),
                                    batch.at("inputs").to(at::kDouble), tiles},
                                   1);
    for (const char* layer : {"sage_0", "sage_1", "sage_2"}) {
      const at::Tensor both = torch::cat({values, neighbours.mm(values)}, 1);
      values = unit(at::leaky_relu(linear(layer, both), 0.2));
    }
    for (int64_t g = 0; g < scores.size(0); ++g) {
      const at::Tensor pooled = values.index({batch.at("node_kernel").eq(g)}).sum(0);
      const at::Tensor hidden =
          at::leaky_relu(linear("head_1", at::leaky_relu(linear("head_0", pooled), 0.2)), 0.2);
      scores[g][c] = linear("head_2", hidden).squeeze();
    }
  }
  return scores;
}

TEST(EarlyJoinNetwork, ComputesWhatItsLayersSay) {
  const auto workload = tile_workload();
  workload->build_model(3, at::kDouble);
  const Batch batch = workload->fingerprint_cases().front().batch;
  const at::NoGradGuard no_grad;
  const at::Tensor scores = workload->forward(batch, {});
  EXPECT_EQ(scores.sizes(), batch.at("targets").sizes());
  EXPECT_TRUE(at::allclose(scores, plain_scores(*workload, batch), 1e-10, 1e-12));
}

TEST(TileBatch, KeepsKernelsApart) {
  const auto workload = tile_workload();
  workload->build_model(3, at::kDouble);
  Batch batch = workload->fingerprint_cases().front().batch;
  const at::NoGradGuard no_grad;
  const at::Tensor before = workload->forward(batch, {}).clone();
  batch.tensors["configurations"] = batch.at("configurations").clone();
  batch.tensors["configurations"][1][2] += 1;
  const at::Tensor changed = workload->forward(batch, {}).ne(before);
  EXPECT_EQ(changed.sum().item<int64_t>(), 1);
  EXPECT_TRUE(changed[1][2].item<bool>());
}

TEST(TpugraphsTile, HasVariantsOfItsLossAndNamesThem) {
  const Batch batch = tile_workload()->fingerprint_cases().front().batch;
  std::set<double> losses;
  for (const char* variant : {"", "pairwise_hinge", "squared_error"}) {
    const auto workload = tile_workload(variant);
    workload->build_model(3);
    const Loss loss = workload->loss(batch, workload->forward(batch, {}), {});
    EXPECT_EQ(loss.valid_examples.item<double>(), 2);
    EXPECT_EQ(loss.per_example.sizes(), at::IntArrayRef({2}));
    losses.insert(loss.mean().item<double>());
  }
  EXPECT_EQ(losses.size(), 3U);
  EXPECT_THAT(user_error_of([] { tile_workload("late_join"); }), HasSubstr("late_join"));
}

TEST(TpugraphsTile, TrainsTheSameWhateverTheLoaderAndAfterAnInterruption) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_tile");
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = mini_data_directory("tpugraphs_tile");
  options.evaluation_batch_size = 64;
  const auto reference = short_training("tpugraphs_tile", options, 1, -1);
  const auto resumed = short_training("tpugraphs_tile", options, 3, 5);
  expect_same_training(*reference, *resumed);
}

TEST(TpugraphsTile, IsEvaluatedAlikeHoweverItsConfigurationsAreCut) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_tile");
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = mini_data_directory("tpugraphs_tile");
  std::vector<Metrics> all;
  for (const int64_t batch : {17, 1000}) {
    options.evaluation_batch_size = batch;
    const auto workload = make_workload("tpugraphs_tile", options);
    workload->build_model(3, at::kDouble);
    all.push_back(workload->evaluate(Split::validation));
    workload->evaluate(Split::train_evaluation);
    workload->evaluate(Split::test);
  }
  for (const auto& [name, value] : all[0])
    EXPECT_NEAR(value, all[1].at(name), 1e-6 * std::abs(value)) << name;
  EXPECT_THAT(all[0].at("ordered_pair_accuracy"), ::testing::AllOf(Ge(0), Le(1)));
}

TEST(TpugraphsTile, IsLearned) {
  SKIP_WITHOUT_MINI_DATA("tpugraphs_tile");
  const auto workload = tile_workload();
  workload->build_model(1);
  const double before = workload->evaluate(Split::validation).at("ordered_pair_accuracy");
  const auto source = workload->training_data(8, 1);
  torch::optim::Adam optimizer(workload->model().parameters(), torch::optim::AdamOptions(3e-3));
  for (int step = 0; step < 150; ++step) {
    const Batch batch = source->next_task()();
    optimizer.zero_grad();
    workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
    optimizer.step();
  }
  const double after = workload->evaluate(Split::validation).at("ordered_pair_accuracy");
  EXPECT_LT(before, 0.7);
  EXPECT_GT(after, 0.8);
}

}  // namespace
}  // namespace timetrial
