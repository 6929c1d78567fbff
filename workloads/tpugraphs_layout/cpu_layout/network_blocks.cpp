#include "workloads/tpugraphs_layout/cpu_layout/network_blocks.h"

#include <string>
#include <utility>
#include <vector>

namespace timetrial {
namespace {

using Dimensions = std::vector<int64_t>;
using Reduction = LayoutGraphBuilder::Reduction;

constexpr int64_t kWindow = 3;
constexpr int64_t kHeads = 4;
constexpr double kEpsilon = 1e-5;
constexpr size_t kMostConfigurable = 20;

template <typename Sizes>
std::string name_of(const char* network, const Sizes& sizes) {
  const auto& [batch, second, third, blocks] = sizes;
  std::string name = network;
  for (const int64_t size : {batch, second, third, blocks}) name += "_" + std::to_string(size);
  return name;
}

// What all networks are made of.
class Blocks {
 public:
  LayoutGraphBuilder graph;

  int32_t filled(double value, const Dimensions& shape) {
    return graph.broadcast(graph.constant(value), shape, {});
  }

  int32_t scaled(int32_t values, double factor) {
    return graph.binary(Opcode::multiply, values, filled(factor, graph.shape(values)));
  }

  int32_t rectified(int32_t values) {
    const int32_t result = graph.binary(Opcode::maximum, values, filled(0, graph.shape(values)));
    graph.configure(result);
    return result;
  }

  // One parameter a feature, along the given dimension.
  int32_t per_feature(const Dimensions& shape, int64_t dimension) {
    return graph.broadcast(graph.parameter({shape[static_cast<size_t>(dimension)]}), shape, {dimension});
  }

  int32_t scaled_and_shifted(int32_t values, int64_t dimension) {
    const Dimensions shape = graph.shape(values);
    const int32_t product = graph.binary(Opcode::multiply, values, per_feature(shape, dimension));
    return graph.binary(Opcode::add, product, per_feature(shape, dimension));
  }

  // To mean 0 and variance 1 over `dimensions`; `others` are those that are left.
  int32_t normalised(int32_t values, const Dimensions& dimensions, const Dimensions& others) {
    const Dimensions shape = graph.shape(values);
    double count = 1;
    for (const int64_t d : dimensions) count *= static_cast<double>(shape[static_cast<size_t>(d)]);
    const auto mean = [&](int32_t of) {
      return scaled(graph.reduce(Reduction::sum, of, dimensions), 1 / count);
    };
    const int32_t centred =
        graph.binary(Opcode::subtract, values, graph.broadcast(mean(values), shape, others));
    const int32_t variance = mean(graph.binary(Opcode::multiply, centred, centred));
    const int32_t scale = graph.unary(
        Opcode::rsqrt, graph.binary(Opcode::add, variance, filled(kEpsilon, graph.shape(variance))));
    const int32_t result = graph.binary(Opcode::multiply, centred, graph.broadcast(scale, shape, others));
    graph.configure(result);
    return result;
  }

  int32_t layer_norm(int32_t values) { return scaled_and_shifted(normalised(values, {2}, {0, 1}), 2); }

  int32_t linear(int32_t values, int64_t outputs) {
    const int32_t product = graph.dot(values, graph.parameter({graph.shape(values).back(), outputs}));
    Dimensions shape = graph.shape(product);
    return graph.binary(Opcode::add, product, per_feature(shape, std::ssize(shape) - 1));
  }

  int32_t softmax(int32_t values) {
    const Dimensions shape = graph.shape(values);
    const int64_t last = std::ssize(shape) - 1;
    Dimensions others;
    for (int64_t d = 0; d < last; ++d) others.push_back(d);
    const int32_t most = graph.broadcast(graph.reduce(Reduction::maximum, values, {last}), shape, others);
    const int32_t powers = graph.unary(Opcode::exponential, graph.binary(Opcode::subtract, values, most));
    graph.configure(powers);
    const int32_t sums = graph.broadcast(graph.reduce(Reduction::sum, powers, {last}), shape, others);
    return graph.binary(Opcode::divide, powers, sums);
  }

  // [batch, length, width] -> [batch, heads, length, width / heads]
  int32_t heads_of(int32_t values) {
    const Dimensions shape = graph.shape(values);
    return graph.transpose(graph.reshape(values, {shape[0], shape[1], kHeads, shape[2] / kHeads}),
                           {0, 2, 1, 3});
  }

  int32_t attention(int32_t values) {
    const Dimensions shape = graph.shape(values);
    const auto part = [&] { return heads_of(linear(values, shape[2])); };
    const int32_t query = part(), key = part(), value = part();
    const int32_t products = graph.dot(query, graph.transpose(key, {0, 1, 3, 2}));
    const int32_t mixed = graph.dot(softmax(scaled(products, 0.25)), value);
    return linear(graph.reshape(graph.transpose(mixed, {0, 2, 1, 3}), shape), shape[2]);
  }

  // Gated by a logistic of its own.
  int32_t perceptron(int32_t values) {
    const int64_t width = graph.shape(values).back();
    const int32_t hidden = linear(values, 2 * width);
    return linear(graph.binary(Opcode::multiply, hidden, graph.unary(Opcode::logistic, hidden)), width);
  }

  int32_t sum(int32_t left, int32_t right) {
    const int32_t result = graph.binary(Opcode::add, left, right);
    graph.configure(result);
    return result;
  }

  LayoutGraph finish(std::string name, int32_t root) {
    return graph.finish(std::move(name), root, kMostConfigurable);
  }
};

// What the way back needs of the way there.
struct ResidualPass {
  int32_t kernels[2];
  int32_t before_activation[2];
  int32_t scales[2];
};

int32_t residual_block(Blocks& blocks, int32_t values, ResidualPass* kept = nullptr) {
  LayoutGraphBuilder& graph = blocks.graph;
  const Dimensions shape = graph.shape(values);
  int32_t inner = values;
  for (const int i : {0, 1}) {
    const int32_t kernel = graph.parameter({shape[1], shape[1], kWindow, kWindow});
    const int32_t scale = blocks.per_feature(shape, 1);
    inner = graph.binary(Opcode::multiply, graph.convolution(inner, kernel, 1), scale);
    inner = graph.binary(Opcode::add, inner, blocks.per_feature(shape, 1));
    if (i == 1) inner = blocks.sum(inner, values);
    if (kept != nullptr) {
      kept->kernels[i] = kernel;
      kept->scales[i] = scale;
      kept->before_activation[i] = inner;
    }
    inner = blocks.rectified(inner);
  }
  return inner;
}

int32_t masked(Blocks& blocks, int32_t gradient, int32_t before_activation) {
  LayoutGraphBuilder& graph = blocks.graph;
  const int32_t zero = blocks.filled(0, graph.shape(gradient));
  return graph.select(graph.binary(Opcode::compare, before_activation, zero), gradient, zero);
}

int32_t residual_block_gradient(Blocks& blocks, int32_t gradient, const ResidualPass& pass) {
  LayoutGraphBuilder& graph = blocks.graph;
  const int32_t of_sum = masked(blocks, gradient, pass.before_activation[1]);
  int32_t inner = of_sum;
  for (const int i : {1, 0}) {
    if (i == 0) inner = masked(blocks, inner, pass.before_activation[0]);
    inner =
        graph.convolution_gradient(graph.binary(Opcode::multiply, inner, pass.scales[i]), pass.kernels[i], 1);
  }
  return blocks.sum(inner, of_sum);
}

int32_t image(Blocks& blocks, const ImageSizes& sizes) {
  return blocks.graph.parameter({sizes.batch, sizes.channels, sizes.side, sizes.side});
}

int32_t sequence(Blocks& blocks, const SequenceSizes& sizes) {
  return blocks.graph.parameter({sizes.batch, sizes.length, sizes.width});
}

}  // namespace

LayoutGraph residual_network(const ImageSizes& sizes) {
  Blocks blocks;
  int32_t values = image(blocks, sizes);
  for (int64_t i = 0; i < sizes.blocks; ++i) values = residual_block(blocks, values);
  return blocks.finish(name_of("residual", sizes), values);
}

LayoutGraph residual_gradient(const ImageSizes& sizes) {
  Blocks blocks;
  int32_t values = image(blocks, sizes);
  std::vector<ResidualPass> passes(static_cast<size_t>(sizes.blocks));
  for (ResidualPass& pass : passes) values = residual_block(blocks, values, &pass);
  // Of half the sum of squares.
  int32_t gradient = values;
  for (auto pass = passes.rbegin(); pass != passes.rend(); ++pass)
    gradient = residual_block_gradient(blocks, gradient, *pass);
  return blocks.finish(name_of("residual_gradient", sizes), gradient);
}

LayoutGraph separable_network(const ImageSizes& sizes) {
  Blocks blocks;
  LayoutGraphBuilder& graph = blocks.graph;
  const int64_t channels = sizes.channels;
  int32_t values = image(blocks, sizes);
  for (int64_t i = 0; i < sizes.blocks; ++i) {
    int32_t inner = graph.convolution(values, graph.parameter({channels, 1, kWindow, kWindow}), channels);
    inner = blocks.rectified(blocks.scaled_and_shifted(blocks.normalised(inner, {0, 2, 3}, {1}), 1));
    inner = graph.convolution(inner, graph.parameter({channels, channels, 1, 1}), 1);
    inner = blocks.scaled_and_shifted(blocks.normalised(inner, {0, 2, 3}, {1}), 1);
    values = blocks.sum(inner, values);
  }
  return blocks.finish(name_of("separable", sizes), values);
}

LayoutGraph attention_network(const SequenceSizes& sizes) {
  Blocks blocks;
  int32_t values = sequence(blocks, sizes);
  for (int64_t i = 0; i < sizes.blocks; ++i) {
    values = blocks.sum(values, blocks.attention(blocks.layer_norm(values)));
    values = blocks.sum(values, blocks.perceptron(blocks.layer_norm(values)));
  }
  return blocks.finish(name_of("attention", sizes), values);
}

LayoutGraph perceptron_network(const SequenceSizes& sizes) {
  Blocks blocks;
  int32_t values = sequence(blocks, sizes);
  for (int64_t i = 0; i < sizes.blocks; ++i)
    values = blocks.sum(values, blocks.perceptron(blocks.layer_norm(values)));
  return blocks.finish(name_of("perceptron", sizes), values);
}

LayoutGraph perceptron_gradient(const SequenceSizes& sizes) {
  Blocks blocks;
  LayoutGraphBuilder& graph = blocks.graph;
  std::vector<int32_t> inputs, weights, before_activation;
  int32_t values = sequence(blocks, sizes);
  for (int64_t i = 0; i < sizes.blocks; ++i) {
    inputs.push_back(values);
    weights.push_back(graph.parameter({sizes.width, sizes.width}));
    before_activation.push_back(graph.dot(values, weights.back()));
    values = blocks.rectified(before_activation.back());
  }
  // Of half the sum of squares. A step of gradient descent keeps the weights' gradients from being for
  // nothing.
  int32_t gradient = values;
  int32_t total = -1;
  for (size_t i = inputs.size(); i-- > 0;) {
    gradient = masked(blocks, gradient, before_activation[i]);
    const int32_t by_batch = graph.dot(graph.transpose(inputs[i], {0, 2, 1}), gradient);
    const int32_t of_weight = graph.reduce(Reduction::sum, by_batch, {0});
    const int32_t stepped = graph.binary(Opcode::subtract, weights[i], blocks.scaled(of_weight, 0.01));
    total = total < 0 ? stepped : graph.binary(Opcode::add, total, stepped);
    if (i > 0) gradient = graph.dot(gradient, graph.transpose(weights[i], {1, 0}));
  }
  return blocks.finish(name_of("perceptron_gradient", sizes), total);
}

}  // namespace timetrial
