#include <gtest/gtest.h>
#include <torch/torch.h>

#include "expect_user_error.h"
#include "workloads/criteo1tb/dlrm.h"
#include "workloads/criteo1tb/dot_interaction.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

int64_t parameter_count(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const auto& parameter : module.parameters()) count += parameter.numel();
  return count;
}

// On the meta device, where the 2 GB table takes no memory.
TEST(DlrmFull, ParameterCountsAreTheReferences) {
  for (const auto& [variant, count] : {std::pair<const char*, int64_t>{"", 539267457},
                                       {"layernorm", 539275137},
                                       {"resnet", 538121473},
                                       {"embed_init", 539267457}}) {
    WorkloadOptions options;
    options.variant = variant;
    options.device = at::kMeta;
    const auto workload = make_workload("criteo1tb", options);
    workload->build_model(1);
    EXPECT_EQ(parameter_count(workload->model()), count) << variant;
  }
}

TEST(DlrmFull, UnknownVariantIsAUserError) {
  EXPECT_THAT(user_error_of([] { dlrm_config(false, "layer_norm"); }), testing::HasSubstr("layernorm"));
}

TEST(DlrmFull, OnlyTheLastLayerIsOutput) {
  WorkloadOptions options;
  options.device = at::kMeta;
  const auto workload = make_workload("criteo1tb", options);
  workload->build_model(1);
  for (const auto& parameter : workload->parameters()) {
    EXPECT_EQ(parameter.is_output, parameter.name.starts_with("top_mlp.9.")) << parameter.name;
  }
}

Dlrm mini_model(uint64_t seed, const std::string& variant = "", at::ScalarType dtype = at::kFloat) {
  return Dlrm(dlrm_config(true, variant), at::TensorOptions().dtype(dtype),
              at::detail::createCPUGenerator(seed));
}

at::Tensor some_inputs(int64_t rows) {
  const auto generator = at::detail::createCPUGenerator(5);
  return at::cat({at::rand({rows, 13}, generator, at::kFloat) * 5,
                  at::randint(0, 40000000, {rows, 26}, generator, at::kLong).to(at::kFloat)},
                 1);
}

TEST(DlrmMini, InitialValuesFollowTheDefinition) {
  const Dlrm model = mini_model(1);
  const auto parameters = model.named_parameters();
  const at::Tensor chunk = parameters["embedding_chunk_2"];
  EXPECT_GE(chunk.min().item<double>(), 0);
  EXPECT_NEAR(chunk.max().item<double>(), 1.0 / 128, 1e-4);
  EXPECT_NEAR(chunk.mean().item<double>(), 0.5 / 128, 1e-4);
  EXPECT_LE(parameters["bot_mlp.0.weight"].abs().max().item<double>(), std::sqrt(6.0 / (13 + 64)));
  EXPECT_NEAR(parameters["top_mlp.0.weight"].std().item<double>(), std::sqrt(2.0 / (394 + 128)), 1e-3);
  EXPECT_NEAR(mini_model(1, "embed_init").named_parameters()["embedding_chunk_2"].max().item<double>(), 1.0,
              1e-3);
}

TEST(DlrmMini, InitialValuesDependOnTheSeedAloneAndLeaveTheGlobalGeneratorAlone) {
  torch::manual_seed(3);
  const at::Tensor undisturbed = torch::rand({4});
  torch::manual_seed(3);
  const Dlrm first = mini_model(1);
  EXPECT_TRUE(at::equal(torch::rand({4}), undisturbed));
  const Dlrm second = mini_model(1);
  const Dlrm other = mini_model(2);
  for (const auto& item : first.named_parameters()) {
    EXPECT_TRUE(at::equal(item.value(), second.named_parameters()[item.key()])) << item.key();
    EXPECT_FALSE(at::equal(item.value(), other.named_parameters()[item.key()])) << item.key();
  }
}

// The shared table against plain concatenation, which is what a model takes whose chunks were given other
// storage.
TEST(EmbeddingTable, SharedAndConcatenatedGradientsAgree) {
  Dlrm shared = mini_model(1);
  Dlrm separate = mini_model(1);
  for (auto& item : separate.named_parameters()) {
    if (item.key().starts_with("embedding")) item.value().set_data(item.value().detach().clone());
  }
  ASSERT_TRUE(shared.table().chunks_share_storage());
  ASSERT_FALSE(separate.table().chunks_share_storage());
  const at::Tensor inputs = some_inputs(64);
  for (int pass = 0; pass < 2; ++pass) {  // the second accumulates into gradients that exist
    shared.forward(inputs, 0).sum().backward();
    separate.forward(inputs, 0).sum().backward();
    for (const auto& item : shared.named_parameters()) {
      EXPECT_TRUE(
          at::allclose(item.value().grad(), separate.named_parameters()[item.key()].grad(), 1e-5, 1e-6))
          << item.key();
    }
  }
}

TEST(EmbeddingTable, UpdatesOfAChunkAreSeenByTheLookup) {
  torch::nn::Module owner;
  EmbeddingTable table(owner, 8, 2, 4, at::kFloat);
  table.init(1, at::detail::createCPUGenerator(1));
  const at::NoGradGuard no_grad;
  owner.named_parameters()["embedding_chunk_3"].fill_(7);
  EXPECT_TRUE(at::equal(table.lookup(at::tensor({6})), at::full({1, 2}, 7.0f)));
}

TEST(EmbeddingTable, GradientIsTheSameWithOneAndTwoThreads) {
  const at::Tensor inputs = some_inputs(2048);
  std::vector<at::Tensor> gradients;
  const int threads = at::get_num_threads();
  for (const int count : {1, 2}) {
    at::set_num_threads(count);
    torch::nn::Module owner;
    EmbeddingTable table(owner, 1024, 16, 4, at::kFloat);
    table.init(1, at::detail::createCPUGenerator(1));
    const at::Tensor found = table.lookup(inputs.narrow(1, 13, 26).to(at::kInt).bitwise_and(1023));
    (found * found).sum().backward();
    gradients.push_back(owner.named_parameters()["embedding_chunk_1"].grad());
  }
  at::set_num_threads(threads);
  EXPECT_TRUE(at::equal(gradients[0], gradients[1]));
}

at::Tensor composed_interaction(const at::Tensor& features) {
  const int64_t count = features.size(1);
  const at::Tensor places = at::triu_indices(count, count, 0, at::kLong);
  return features.bmm(features.transpose(1, 2)).index({at::indexing::Slice(), places[0], places[1]});
}

TEST(DotInteraction, MatchesTheDefinitionAndItsGradient) {
  for (const int64_t batch : {1, 3, 200}) {
    const at::Tensor fast = torch::rand({batch, 5, 4}, at::kDouble).requires_grad_();
    const at::Tensor plain = fast.detach().clone().requires_grad_();
    const at::Tensor pairs = dot_interaction(fast);
    EXPECT_EQ(pairs.size(1), 15);
    EXPECT_TRUE(at::allclose(pairs, composed_interaction(plain)));
    const at::Tensor weights = torch::rand_like(pairs);
    (pairs * weights).sum().backward();
    (composed_interaction(plain) * weights).sum().backward();
    EXPECT_TRUE(at::allclose(fast.grad(), plain.grad()));
  }
}

// Hessian-vector products, as curvature methods need them.
TEST(Dlrm, SecondDerivativesMatchFiniteDifferences) {
  Dlrm model = mini_model(1, "", at::kDouble);
  const at::Tensor inputs = some_inputs(8).to(at::kDouble);
  const auto named = model.named_parameters();
  std::vector<at::Tensor> parameters = {named["embedding_chunk_0"], named["embedding_chunk_3"],
                                        named["bot_mlp.4.weight"]};
  const auto gradient = [&](bool create_graph) {
    const at::Tensor loss = at::softplus(model.forward(inputs, 0)).sum();
    return torch::autograd::grad({loss}, parameters, {}, true, create_graph);
  };
  std::vector<at::Tensor> directions;
  at::Generator generator = at::detail::createCPUGenerator(1);
  for (const auto& parameter : parameters) {
    directions.push_back(at::randn(parameter.sizes(), generator, parameter.options().requires_grad(false)));
  }
  at::Tensor slope = torch::zeros({}, at::kDouble);
  const auto first = gradient(true);
  for (size_t i = 0; i < first.size(); ++i) slope = slope + (first[i] * directions[i]).sum();
  const auto exact = torch::autograd::grad({slope}, parameters);

  // Small enough that no ReLU input crosses its kink on the way; double precision has digits to spare.
  constexpr double kStep = 1e-8;
  const auto move = [&](double step) {
    const at::NoGradGuard no_grad;
    for (size_t i = 0; i < parameters.size(); ++i) parameters[i].add_(directions[i], step);
  };
  move(kStep);
  const auto above = gradient(false);
  move(-2 * kStep);
  const auto below = gradient(false);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const at::Tensor estimate = (above[i] - below[i]) / (2 * kStep);
    EXPECT_LT((estimate - exact[i]).norm().item<double>(), 1e-5 * exact[i].norm().item<double>()) << i;
  }
}

}  // namespace
}  // namespace timetrial
