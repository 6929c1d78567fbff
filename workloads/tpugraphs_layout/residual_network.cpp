#include "workloads/tpugraphs_layout/residual_network.h"

#include <torch/torch.h>

#include "workloads/computation_graph/layout_configuration.h"
#include "workloads/computation_graph/node_features.h"
#include "workloads/computation_graph/opcode.h"
#include "workloads/layers/initial_values.h"
#include "workloads/layers/segments.h"

namespace timetrial {
namespace {

constexpr double kLeak = 0.2;
constexpr double kEmbeddingDeviation = 0.05;
constexpr double kLeastSquare = 1e-12;
constexpr auto kLayoutValues = static_cast<int64_t>(kLayoutConfigurationValues);

at::Tensor leaky(const at::Tensor& values) {
  return at::leaky_relu(values, kLeak);
}

// Rows of length 1; what is zero stays so, with a gradient that is finite.
at::Tensor normalised(const at::Tensor& values) {
  return values * values.square().sum(-1, /*keepdim=*/true).clamp_min(kLeastSquare).rsqrt();
}

// One pass over a batch. Node values are [N, C, width].
class Pass {
 public:
  Pass(const Batch& batch, at::ScalarType type, double layout_gain)
      : by_sender_{batch.at("senders"), batch.at("sender_order"), batch.at("sender_offsets")},
        by_receiver_{batch.at("receivers"), {}, batch.at("receiver_offsets")},
        nodes_of_piece_{batch.at("node_piece"), {}, batch.at("node_offsets")},
        configurable_of_piece_{batch.at("configurable_piece"), {}, batch.at("configurable_offsets")},
        scale_(batch.at("degrees").to(type).rsqrt()),
        configurable_(batch.at("configurable")),
        layouts_(batch.at("layouts").to(type) * layout_gain) {}

  // values [N, C or 1, out] plus the layouts' share of a linear layer, weight [out, 18]: a node that is not
  // configurable has none.
  at::Tensor with_layouts(const at::Tensor& values, const at::Tensor& weight) const {
    const at::Tensor each = values.expand({-1, layouts_.size(1), -1});
    // Nodes are all different, so the sums have one order.
    return each.index_add(0, configurable_, at::matmul(layouts_, weight.t()));
  }

  // (A + Aᵀ + I), normalised on both sides by the roots of its row sums, times the values.
  at::Tensor convolved(const at::Tensor& values) const {
    const at::Tensor rows = values.flatten(1) * scale_;
    const at::Tensor sums = rows + segment_sum(gather_rows(rows, by_sender_), by_receiver_);
    return (sums * scale_).view(values.sizes());
  }

  // [P, C, 3 · width]
  at::Tensor pooled(const at::Tensor& values) const {
    const at::Tensor sums = sums_of(values, nodes_of_piece_);
    const at::Tensor counts = nodes_of_piece_.offsets.diff().to(values.scalar_type()).view({-1, 1, 1});
    const at::Tensor configurable = values.index_select(0, configurable_);
    return torch::cat(
        {sums / counts, normalised(sums), normalised(sums_of(configurable, configurable_of_piece_))}, 2);
  }

 private:
  static at::Tensor sums_of(const at::Tensor& values, const Segments& segments) {
    // LibTorch's reduction refuses to have nothing to reduce.
    if (values.size(0) == 0)
      return values.new_zeros({segments.offsets.size(0) - 1, values.size(1), values.size(2)});
    return segment_sum(values.flatten(1), segments).view({-1, values.size(1), values.size(2)});
  }

  Segments by_sender_, by_receiver_, nodes_of_piece_, configurable_of_piece_;
  at::Tensor scale_;         // [N, 1]
  at::Tensor configurable_;  // [K]
  at::Tensor layouts_;       // [K, C, 18]
};

}  // namespace

ResidualNetwork::Perceptron ResidualNetwork::perceptron(const std::string& name,
                                                        const std::vector<int64_t>& widths, Bias bias,
                                                        const at::TensorOptions& options,
                                                        const at::Generator& generator) {
  const auto layer = [&](size_t i) {
    auto linear = register_module(name + "_" + std::to_string(i),
                                  std::make_shared<LinearLayer>(widths[i], widths[i + 1], options, bias));
    linear->init_xavier(generator);
    return linear;
  };
  const auto first = layer(0);
  return {first, layer(1)};
}

ResidualNetwork::ResidualNetwork(const ResidualConfig& config, const at::TensorOptions& options,
                                 const at::Generator& generator)
    : layout_gain_(config.layout_gain) {
  embedding_ =
      register_parameter("embedding_weight", torch::empty({kHighestOpcode + 1, config.embedding}, options));
  fill_normal(embedding_.detach(), kEmbeddingDeviation, generator);
  const int64_t hidden = config.hidden;
  prenet_ = perceptron("prenet", {kLayoutValues + kNodeFeatures + config.embedding, hidden, hidden},
                       Bias::yes, options, generator);
  for (int64_t i = 0; i < config.layers; ++i) {
    convolutions_.push_back(perceptron("graph_" + std::to_string(i), {kLayoutValues + hidden, hidden, hidden},
                                       Bias::yes, options, generator));
  }
  head_ = perceptron("head", {3 * hidden, hidden, 1}, Bias::no, options, generator);
}

at::Tensor ResidualNetwork::forward(const Batch& batch) const {
  const auto type = embedding_.scalar_type();
  const Pass pass(batch, type, layout_gain_);
  // What all configurations of a node have in common is multiplied once.
  const auto split = [](const Perceptron& layers) {
    const at::Tensor& weight = layers.first->weight();
    return std::pair(weight.narrow(1, 0, kLayoutValues),
                     weight.narrow(1, kLayoutValues, weight.size(1) - kLayoutValues));
  };
  const auto rest_of = [](const Perceptron& layers, const at::Tensor& values) {
    return layers.second->forward(leaky(values + layers.first->bias()));
  };
  const at::Tensor nodes =
      torch::cat({batch.at("inputs").to(type), embedding_.index_select(0, batch.at("opcodes"))}, 1);
  const auto [of_layouts, of_nodes] = split(prenet_);
  at::Tensor values =
      leaky(rest_of(prenet_, pass.with_layouts(at::mm(nodes, of_nodes.t()).unsqueeze(1), of_layouts)));
  for (const Perceptron& layers : convolutions_) {
    const auto [from_layouts, from_values] = split(layers);
    // The graph's matrix and the layer's commute; the layer's first makes the rows short.
    const at::Tensor joined = pass.with_layouts(at::matmul(values, from_values.t()), from_layouts);
    values = values + leaky(rest_of(layers, pass.convolved(joined)));
  }
  return head_.second->forward(leaky(head_.first->forward(pass.pooled(values)))).squeeze(2);
}

}  // namespace timetrial
