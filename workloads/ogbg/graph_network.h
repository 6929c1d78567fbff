#pragma once

// The graph network of Battaglia et al. 2018 (arXiv 1806.01261, algorithm 1) with sums for all aggregations.
// Per round: edges from (edge, sender, receiver, global), nodes from (node, edges sent, edges received,
// global), globals from (nodes, edges, global), each through an MLP of linear, layer norm, activation,
// dropout.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <torch/nn/module.h>

#include "timetrial/batch.h"
#include "workloads/layers/activation.h"
#include "workloads/layers/layer_norm.h"
#include "workloads/layers/linear.h"
#include "workloads/layers/segments.h"
#include "workloads/ogbg/task_counts.h"

namespace timetrial {

struct GraphNetworkConfig {
  int64_t tasks = kFullTasks;  // outputs, and width of the globals before the first round
  int64_t latent = 256;        // width of embedded nodes and edges
  std::vector<int64_t> hidden = {256};
  int64_t rounds = 5;
  Activation activation = Activation::relu;
};

// The configuration of a tier ("mini" or not) and variant ("", "gelu", "silu", "model_size"). Throws
// UserError for another variant.
GraphNetworkConfig graph_network_config(bool mini, const std::string& variant);

class GraphNetwork : public torch::nn::Module {
 public:
  GraphNetwork(const GraphNetworkConfig& config, const at::TensorOptions& options,
               const at::Generator& generator);

  // A batch as in graph_batch.h, on the model's device -> logits [graphs, tasks].
  at::Tensor forward(const Batch& batch, double dropout_rate);

 private:
  struct Layer {
    std::shared_ptr<LinearLayer> linear;
    std::shared_ptr<LayerNormLayer> norm;
  };
  using Mlp = std::vector<Layer>;
  struct Round {
    Mlp edges, nodes, globals;
  };
  struct Widths {
    int64_t nodes, edges, globals;
  };
  struct State {
    at::Tensor nodes, edges, globals;
  };
  struct Topology {
    Segments by_sender, by_receiver, by_graph;  // edges, edges, nodes
  };

  Mlp build_mlp(torch::nn::Module& round, const std::string& name, int64_t inputs,
                const at::TensorOptions& options, const at::Generator& generator) const;
  State run_round(const Round& round, const Widths& widths, const State& state, const Topology& topology,
                  double dropout_rate) const;
  at::Tensor updated_edges(const Mlp& mlp, const Widths& widths, const State& state, const Topology& topology,
                           double dropout_rate) const;
  at::Tensor activate_and_drop(const at::Tensor& normal, double dropout_rate) const;
  // Norm, activation and dropout of the first layer, whose linear part is done; then the other layers.
  at::Tensor finish(const Mlp& mlp, const at::Tensor& first, double dropout_rate) const;
  at::Tensor run_rest(const Mlp& mlp, at::Tensor values, double dropout_rate) const;

  GraphNetworkConfig config_;
  std::shared_ptr<LinearLayer> node_embedder_, edge_embedder_, decoder_;
  std::vector<Round> rounds_;
  std::vector<Widths> widths_;  // of what each round reads
};

}  // namespace timetrial
