#include "workloads/tpugraphs_tile/early_join_network.h"

#include <string>

#include <torch/torch.h>

#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/opcode.h"
#include "workloads/computation_graph/tile_configuration.h"
#include "workloads/layers/initial_values.h"
#include "workloads/layers/segments.h"

namespace timetrial {
namespace {

constexpr double kLeak = 0.2;
constexpr double kEmbeddingDeviation = 0.05;
constexpr double kLeastNorm = 1e-6;
constexpr auto kTiles = static_cast<int64_t>(kTileFeatures);

std::shared_ptr<LinearLayer> initialised(std::shared_ptr<LinearLayer> layer, const at::Generator& generator) {
  layer->init_xavier(generator);
  return layer;
}

// Rows of length 1.
at::Tensor normalised(const at::Tensor& values) {
  return values / values.norm(2, {-1}, /*keepdim=*/true).clamp_min(kLeastNorm);
}

// Who is whose neighbour, and whose node, in rows [N] or [E].
struct Topology {
  Segments by_sender, by_receiver, by_kernel;
};

// Each row of [N, C, width] becomes the sum over its node's neighbours.
at::Tensor sum_of_neighbours(const at::Tensor& values, const Topology& topology) {
  const at::Tensor rows = gather_rows(values.flatten(1), topology.by_sender);
  return segment_sum(rows, topology.by_receiver).view(values.sizes());
}

}  // namespace

EarlyJoinNetwork::EarlyJoinNetwork(const EarlyJoinConfig& config, const at::TensorOptions& options,
                                   const at::Generator& generator) {
  embedding_ =
      register_parameter("embedding_weight", torch::empty({kHighestOpcode + 1, config.embedding}, options));
  fill_normal(embedding_.detach(), kEmbeddingDeviation, generator);
  int64_t width = config.embedding + kNodeFeatures + kTiles;
  for (int64_t i = 0; i < config.layers; ++i) {
    sage_.push_back(
        initialised(register_module("sage_" + std::to_string(i),
                                    std::make_shared<LinearLayer>(2 * width, config.hidden, options)),
                    generator));
    width = config.hidden;
  }
  for (const int64_t outputs : {config.hidden, config.hidden, int64_t{1}}) {
    head_.push_back(initialised(register_module("head_" + std::to_string(head_.size()),
                                                std::make_shared<LinearLayer>(width, outputs, options)),
                                generator));
    width = outputs;
  }
}

at::Tensor EarlyJoinNetwork::forward(const Batch& batch) const {
  const Topology topology{{batch.at("senders"), batch.at("sender_order"), batch.at("sender_offsets")},
                          {batch.at("receivers"), {}, batch.at("receiver_offsets")},
                          {batch.at("node_kernel"), {}, batch.at("node_offsets")}};
  const auto type = embedding_.scalar_type();
  const at::Tensor nodes =
      torch::cat({embedding_.index_select(0, batch.at("opcodes")), batch.at("inputs").to(type)}, 1);
  const at::Tensor configurations = batch.at("configurations").to(type);  // [G, C, 24]
  // The first layer's product with [node; configuration], part by part: a node's features are the same with
  // every configuration, and a configuration's for every node.
  const int64_t width = nodes.size(1);
  const auto first = sage_.front()->weight().split_with_sizes({width, kTiles, width, kTiles}, 1);
  const auto joined = [&](const at::Tensor& of_node, const at::Tensor& of_configuration) {
    const at::Tensor tiles = at::matmul(configurations, of_configuration.t());
    return at::mm(nodes, of_node.t()).unsqueeze(1) +
           gather_rows(tiles.flatten(1), topology.by_kernel).view({-1, tiles.size(1), tiles.size(2)});
  };
  at::Tensor values = joined(first[0], first[1]) + sum_of_neighbours(joined(first[2], first[3]), topology) +
                      sage_.front()->bias();
  values = normalised(at::leaky_relu(values, kLeak));
  for (size_t i = 1; i < sage_.size(); ++i) {
    const auto weight = sage_[i]->weight().chunk(2, 1);
    values = at::matmul(values, weight[0].t()) +
             sum_of_neighbours(at::matmul(values, weight[1].t()), topology) + sage_[i]->bias();
    values = normalised(at::leaky_relu(values, kLeak));
  }
  at::Tensor pooled = segment_sum(values.flatten(1), topology.by_kernel)
                          .view({configurations.size(0), configurations.size(1), -1});
  for (size_t i = 0; i + 1 < head_.size(); ++i) pooled = at::leaky_relu(head_[i]->forward(pooled), kLeak);
  return head_.back()->forward(pooled).squeeze(2);
}

}  // namespace timetrial
