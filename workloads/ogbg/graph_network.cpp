#include "workloads/ogbg/graph_network.h"

#include <torch/torch.h>

#include "harness/errors/user_error.h"
#include "workloads/layers/dropout.h"
#include "workloads/layers/initial_values.h"
#include "workloads/ogbg/edge_norm.h"
#include "workloads/ogbg/molecules.h"

namespace timetrial {
namespace {

constexpr double kNormEpsilon = 1e-6;

std::shared_ptr<LinearLayer> initialised(std::shared_ptr<LinearLayer> layer, const at::Generator& generator) {
  fill_lecun_normal(layer->weight(), generator);
  fill_constant(layer->bias(), 0);
  return layer;
}

}  // namespace

GraphNetworkConfig graph_network_config(bool mini, const std::string& variant) {
  GraphNetworkConfig config;
  if (mini) config = {.tasks = kMiniTasks, .latent = 128, .hidden = {128}, .rounds = 3};
  if (variant == "gelu") {
    config.activation = Activation::gelu_tanh;
  } else if (variant == "silu") {
    config.activation = Activation::silu;
  } else if (variant == "model_size") {
    config.latent /= 2;
    config.hidden = {config.hidden.front(), config.hidden.front()};
    config.rounds = mini ? 2 : 3;
  } else if (!variant.empty()) {
    throw UserError(
        {"ogbg has no such variant", "", variant, "use gelu, silu or model_size, or leave it out"});
  }
  return config;
}

GraphNetwork::GraphNetwork(const GraphNetworkConfig& config, const at::TensorOptions& options,
                           const at::Generator& generator)
    : config_(config) {
  const auto add_linear = [&](const char* name, int64_t inputs, int64_t outputs) {
    return initialised(register_module(name, std::make_shared<LinearLayer>(inputs, outputs, options)),
                       generator);
  };
  node_embedder_ = add_linear("node_embedder", kAtomFeatures, config.latent);
  edge_embedder_ = add_linear("edge_embedder", kBondFeatures, config.latent);
  const auto rounds = register_module("graph_network", std::make_shared<torch::nn::Module>());
  const int64_t hidden = config.hidden.back();
  Widths in{config.latent, config.latent, config.tasks};
  for (int64_t i = 0; i < config.rounds; ++i) {
    const auto module = rounds->register_module(std::to_string(i), std::make_shared<torch::nn::Module>());
    const auto add = [&](const char* name, int64_t inputs) {
      return build_mlp(*module, name, inputs, options, generator);
    };
    Round round;
    round.edges = add("update_edge_fn", in.edges + 2 * in.nodes + in.globals);
    round.nodes = add("update_node_fn", in.nodes + 2 * hidden + in.globals);
    round.globals = add("update_global_fn", 2 * hidden + in.globals);
    rounds_.push_back(round);
    widths_.push_back(in);
    in = {hidden, hidden, hidden};
  }
  decoder_ = add_linear("decoder", hidden, config.tasks);
}

GraphNetwork::Mlp GraphNetwork::build_mlp(torch::nn::Module& round, const std::string& name, int64_t inputs,
                                          const at::TensorOptions& options,
                                          const at::Generator& generator) const {
  const auto module = round.register_module(name, std::make_shared<torch::nn::Module>());
  Mlp mlp;
  for (size_t i = 0; i < config_.hidden.size(); ++i) {
    const int64_t width = config_.hidden[i];
    const std::string number = std::to_string(i);
    Layer layer;
    layer.linear = initialised(
        module->register_module("dense_" + number, std::make_shared<LinearLayer>(inputs, width, options)),
        generator);
    layer.norm = module->register_module("norm_" + number,
                                         std::make_shared<LayerNormLayer>(width, kNormEpsilon, options));
    mlp.push_back(layer);
    inputs = width;
  }
  return mlp;
}

at::Tensor GraphNetwork::forward(const Batch& batch, double dropout_rate) {
  const Topology topology{
      {batch.at("senders"), batch.at("sender_order"), batch.at("sender_offsets")},
      {batch.at("receivers"), batch.has("receiver_order") ? batch.at("receiver_order") : at::Tensor(),
       batch.at("receiver_offsets")},
      {batch.at("node_graph"), {}, batch.at("node_offsets")},
  };
  const at::TensorOptions options = node_embedder_->weight().options();
  State state{node_embedder_->forward(batch.at("inputs").to(options)),
              edge_embedder_->forward(batch.at("edges").to(options)),
              torch::zeros({batch.at("n_node").size(0), config_.tasks}, options.requires_grad(false))};
  const double rate = is_training() ? dropout_rate : 0;
  for (size_t i = 0; i < rounds_.size(); ++i)
    state = run_round(rounds_[i], widths_[i], state, topology, rate);
  return decoder_->forward(state.globals);
}

GraphNetwork::State GraphNetwork::run_round(const Round& round, const Widths& widths, const State& state,
                                            const Topology& topology, double dropout_rate) const {
  State next;
  next.edges = updated_edges(round.edges, widths, state, topology, dropout_rate);
  const at::Tensor sent = segment_sum(next.edges, topology.by_sender);
  const at::Tensor received = segment_sum(next.edges, topology.by_receiver);

  // [node; sent; received; global] times the weight, block by block: globals need only a row a graph.
  const LinearLayer& linear = *round.nodes.front().linear;
  const int64_t hidden = next.edges.size(1);
  const auto weight = linear.weight().split_with_sizes({widths.nodes, hidden, hidden, widths.globals}, 1);
  at::Tensor nodes = gather_rows(at::addmm(linear.bias(), state.globals, weight[3].t()), topology.by_graph);
  nodes = at::addmm(nodes, state.nodes, weight[0].t());
  nodes = at::addmm(nodes, sent, weight[1].t());
  nodes = at::addmm(nodes, received, weight[2].t());
  next.nodes = finish(round.nodes, nodes, dropout_rate);

  // Every edge is received once within its graph, so the sum over a graph's edges is that over its nodes.
  const at::Tensor globals = at::cat(
      {segment_sum(next.nodes, topology.by_graph), segment_sum(received, topology.by_graph), state.globals},
      1);
  next.globals = finish(round.globals, round.globals.front().linear->forward(globals), dropout_rate);
  return next;
}

// The first layer's product with [edge; sender; receiver; global], block by block: nodes are multiplied
// before they are copied to their edges, and a graph's globals come along with the receiver.
at::Tensor GraphNetwork::updated_edges(const Mlp& mlp, const Widths& widths, const State& state,
                                       const Topology& topology, double dropout_rate) const {
  const Layer& first = mlp.front();
  const auto weight =
      first.linear->weight().split_with_sizes({widths.edges, widths.nodes, widths.nodes, widths.globals}, 1);
  const at::Tensor per_graph = at::addmm(first.linear->bias(), state.globals, weight[3].t());
  const at::Tensor receivers =
      at::addmm(gather_rows(per_graph, topology.by_graph), state.nodes, weight[2].t());
  const at::Tensor senders = at::mm(state.nodes, weight[1].t());
  const at::Tensor edges = at::mm(state.edges, weight[0].t());
  const bool relu = config_.activation == Activation::relu;
  at::Tensor values = edge_norm(edges, senders, receivers, topology.by_sender, topology.by_receiver,
                                first.norm->weight(), first.norm->bias(), {kNormEpsilon, relu});
  values = relu ? drop(values, dropout_rate) : activate_and_drop(values, dropout_rate);
  return run_rest(mlp, values, dropout_rate);
}

at::Tensor GraphNetwork::activate_and_drop(const at::Tensor& normal, double dropout_rate) const {
  return drop(activate(config_.activation, normal), dropout_rate);
}

at::Tensor GraphNetwork::finish(const Mlp& mlp, const at::Tensor& first, double dropout_rate) const {
  return run_rest(mlp, activate_and_drop(mlp.front().norm->forward(first), dropout_rate), dropout_rate);
}

at::Tensor GraphNetwork::run_rest(const Mlp& mlp, at::Tensor values, double dropout_rate) const {
  for (size_t i = 1; i < mlp.size(); ++i) {
    values = activate_and_drop(mlp[i].norm->forward(mlp[i].linear->forward(values)), dropout_rate);
  }
  return values;
}

}  // namespace timetrial
