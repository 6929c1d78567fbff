#include <torch/torch.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "mini_data.h"
#include "ogbg_files.h"
#include "random_graphs.h"
#include "workloads/ogbg/graph_network.h"
#include "workloads/ogbg/masked_task_loss.h"
#include "workloads/preparation.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

int64_t parameter_count(const std::string& variant) {
  WorkloadOptions options;
  options.variant = variant;
  options.device = at::kMeta;
  const auto workload = make_workload("ogbg", options);
  workload->build_model(1);
  int64_t count = 0;
  for (const Parameter& parameter : workload->parameters()) count += parameter.tensor.numel();
  return count;
}

TEST(OgbgModel, ParameterCountsAreThoseOfTheReference) {
  EXPECT_EQ(parameter_count(""), 3554176);
  EXPECT_EQ(parameter_count("gelu"), 3554176);
  EXPECT_EQ(parameter_count("silu"), 3554176);
  EXPECT_EQ(parameter_count("model_size"), 2571648);
  EXPECT_THAT(user_error_of([] { parameter_count("tanh"); }), HasSubstr("model_size"));
}

GraphNetwork small_network(Activation activation, std::vector<int64_t> hidden,
                           at::ScalarType dtype = at::kDouble) {
  return GraphNetwork(
      {.tasks = 4, .latent = 6, .hidden = std::move(hidden), .rounds = 2, .activation = activation}, dtype,
      seeded_generator(at::kCPU, 5));
}

// Message passing written down a second time, from its definition: one concatenated row an edge, a node, a
// graph.
at::Tensor plain_forward(const GraphNetwork& network, const Batch& batch, const std::vector<int64_t>& hidden,
                         Activation activation) {
  const auto parameters = network.named_parameters();
  const auto linear = [&](const at::Tensor& x, const std::string& name) {
    return at::linear(x, parameters[name + ".weight"], parameters[name + ".bias"]);
  };
  const auto mlp = [&](at::Tensor x, const std::string& name) {
    for (size_t i = 0; i < hidden.size(); ++i) {
      const std::string n = std::to_string(i);
      x = at::layer_norm(linear(x, name + ".dense_" + n), {hidden[i]},
                         parameters[name + ".norm_" + n + ".weight"],
                         parameters[name + ".norm_" + n + ".bias"], 1e-6);
      x = activation == Activation::relu   ? at::relu(x)
          : activation == Activation::silu ? at::silu(x)
                                           : at::gelu(x, "tanh");
    }
    return x;
  };
  const auto sum = [](const at::Tensor& rows, const at::Tensor& index, int64_t count) {
    return torch::zeros({count, rows.size(1)}, rows.options()).index_add(0, index, rows);
  };
  const at::Tensor n_node = batch.at("n_node");
  const int64_t graphs = n_node.size(0);
  const at::Tensor ids = at::arange(graphs, at::kLong);
  const at::Tensor node_graph = ids.repeat_interleave(n_node);
  const at::Tensor edge_graph = ids.repeat_interleave(batch.at("n_edge"));
  const at::Tensor senders = batch.at("senders");
  const at::Tensor receivers = batch.at("receivers");
  at::Tensor nodes = linear(batch.at("inputs").to(at::kDouble), "node_embedder");
  at::Tensor edges = linear(batch.at("edges").to(at::kDouble), "edge_embedder");
  at::Tensor globals = torch::zeros({graphs, 4}, at::kDouble);
  for (int round = 0; round < 2; ++round) {
    const std::string name = "graph_network." + std::to_string(round);
    edges = mlp(at::cat({edges, nodes.index_select(0, senders), nodes.index_select(0, receivers),
                         globals.index_select(0, edge_graph)},
                        1),
                name + ".update_edge_fn");
    nodes = mlp(at::cat({nodes, sum(edges, senders, nodes.size(0)), sum(edges, receivers, nodes.size(0)),
                         globals.index_select(0, node_graph)},
                        1),
                name + ".update_node_fn");
    globals = mlp(at::cat({sum(nodes, node_graph, graphs), sum(edges, edge_graph, graphs), globals}, 1),
                  name + ".update_global_fn");
  }
  return linear(globals, "decoder");
}

TEST(OgbgModel, IsMessagePassingByItsDefinition) {
  const Batch batch = graph_batch(random_graphs(5, 6, 11, 2));
  for (const Activation activation : {Activation::relu, Activation::silu, Activation::gelu_tanh}) {
    for (const std::vector<int64_t>& hidden : {std::vector<int64_t>{7}, {7, 5}}) {
      GraphNetwork network = small_network(activation, hidden);
      network.eval();
      EXPECT_TRUE(at::allclose(network.forward(batch, 0.5), plain_forward(network, batch, hidden, activation),
                               1e-11, 1e-11));
    }
  }
}

TEST(OgbgModel, PaddingChangesNoOtherGraph) {
  TemporaryFolder folder;
  write_ogbg_files(folder.path(), small_ogbg_files());
  const Molecules molecules = read_molecules(folder.path(), 3);
  const std::vector<uint32_t> all = {0, 1, 2, 3, 4};
  const BatchShape shape{9, 40, 60};
  GraphNetwork network = small_network(Activation::relu, {7});
  const at::Tensor bare = network.forward(molecule_batch(molecules, all.data(), 5), 0);
  const at::Tensor padded = network.forward(molecule_batch(molecules, all.data(), 5, &shape), 0);
  EXPECT_TRUE(at::allclose(padded.narrow(0, 0, 5), bare, 1e-12, 1e-12));
  EXPECT_TRUE(padded.isfinite().all().item<bool>());
}

TEST(OgbgModel, AMoleculeWithoutBondsHasLogitsAndGradients) {
  TemporaryFolder folder;
  write_ogbg_files(folder.path(), small_ogbg_files());
  const Molecules molecules = read_molecules(folder.path(), 3);
  const uint32_t lonely = 2;
  GraphNetwork network = small_network(Activation::relu, {7});
  network.forward(molecule_batch(molecules, &lonely, 1), 0).sum().backward();
  for (const auto& parameter : network.parameters())
    EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>());
}

TEST(OgbgModel, DropoutWorksInTrainingOnly) {
  const Batch batch = graph_batch(random_graphs(5, 6, 11, 2));
  GraphNetwork network = small_network(Activation::relu, {7});
  torch::manual_seed(1);
  const at::Tensor first = network.forward(batch, 0.5);
  EXPECT_FALSE(at::equal(first, network.forward(batch, 0.5)));
  EXPECT_TRUE(at::equal(network.forward(batch, 0), network.forward(batch, 0)));
  torch::manual_seed(1);
  EXPECT_TRUE(at::equal(first, network.forward(batch, 0.5)));
}

TEST(OgbgModel, InitialValuesFollowTheSeed) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  const auto workload = make_workload("ogbg", options);
  const auto weight = [&](uint64_t seed) {
    workload->build_model(seed);
    return workload->model().named_parameters()["graph_network.1.update_node_fn.dense_0.weight"].clone();
  };
  const at::Tensor one = weight(1);
  EXPECT_TRUE(at::equal(one, weight(1)));
  EXPECT_FALSE(at::equal(one, weight(2)));
  EXPECT_NEAR(one.std().item<double>() * std::sqrt(static_cast<double>(one.size(1))), 1, 0.03);
}

Batch two_entries() {
  Batch batch;
  batch.tensors = {{"targets", torch::tensor({{1.0, 0.0, 0.0}})},
                   {"weights", torch::tensor({{1.0, 0.0, 1.0}})}};
  return batch;
}

TEST(OgbgLoss, MissingLabelsNeitherCountNorPull) {
  at::Tensor logits = torch::tensor({{0.3, 5.0, -1.0}}).set_requires_grad(true);
  const Loss loss = masked_task_loss(two_entries(), logits, 0);
  loss.mean().backward();
  EXPECT_EQ(loss.valid_examples.item<double>(), 2);
  const double expected = std::log1p(std::exp(-0.3)) + std::log1p(std::exp(-1.0));
  EXPECT_NEAR(loss.summed.item<double>(), expected, 1e-6);
  EXPECT_EQ(logits.grad()[0][1].item<double>(), 0);
  EXPECT_EQ(loss.per_example[0][1].item<double>(), 0);
}

TEST(OgbgLoss, SmoothingSpreadsOverTheTasks) {
  const at::Tensor logits = torch::tensor({{0.3, 5.0, -1.0}});
  const Loss loss = masked_task_loss(two_entries(), logits, 0.3);
  const auto entry = [](double z, double y) {
    return std::max(z, 0.0) - z * y + std::log1p(std::exp(-std::abs(z)));
  };
  EXPECT_NEAR(loss.per_example[0][0].item<double>(), entry(0.3, 0.7 + 0.1), 1e-6);
  EXPECT_NEAR(loss.per_example[0][2].item<double>(), entry(-1, 0.1), 1e-6);
}

TEST(OgbgWorkload, MissingDataNamesTheCommandAndLeavesTheModelUsable) {
  TemporaryFolder folder;
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = folder.path();
  const auto workload = make_workload("ogbg", options);
  workload->build_model(1);
  const std::string command = "timetrial prepare ogbg --tier mini";
  EXPECT_THAT(user_error_of([&] { workload->training_data(8, 1); }), HasSubstr(command));
  EXPECT_THAT(user_error_of([&] { workload->evaluate(Split::test); }), HasSubstr(command));
}

TEST(OgbgMini, EvaluationCountsEveryMoleculeWhateverTheBatchSize) {
  SKIP_WITHOUT_MINI_DATA("ogbg");
  std::vector<Metrics> found;
  for (const int64_t batch : {0, 100}) {
    WorkloadOptions options;
    options.tier = Tier::mini;
    options.data_directory = mini_data_directory("ogbg");
    options.evaluation_batch_size = batch;
    const auto workload = make_workload("ogbg", options);
    workload->build_model(1);
    found.push_back(workload->evaluate(Split::validation));
  }
  const double labels = 1561 + 4 * 242;
  EXPECT_NEAR(found[0].at("accuracy") * labels, std::round(found[0].at("accuracy") * labels), 1e-6);
  for (const auto& [name, value] : found[0]) EXPECT_NEAR(value, found[1].at(name), 1e-4) << name;
}

TEST(OgbgMini, ShortTrainingBeatsTheBaseRate) {
  SKIP_WITHOUT_MINI_DATA("ogbg");
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = mini_data_directory("ogbg");
  const auto workload = make_workload("ogbg", options);
  workload->build_model(1);
  torch::manual_seed(1);  // of dropout: LibTorch's own seed differs from run to run
  torch::optim::AdamW optimizer(workload->model().parameters(), torch::optim::AdamWOptions(1e-3));
  const auto source = workload->training_data(64, 1);
  for (int i = 0; i < 100; ++i) {
    const Batch batch = source->next_task()();
    optimizer.zero_grad();
    workload->loss(batch, workload->forward(batch, {}), {}).mean().backward();
    optimizer.step();
  }
  const Metrics metrics = workload->evaluate(Split::validation);
  EXPECT_GT(metrics.at("mean_average_precision"), 0.6);  // base rates: 0.57
  EXPECT_LT(metrics.at("loss"), 0.67);
}

}  // namespace
}  // namespace timetrial
