#include "workloads/tpugraphs_tile/cpu_tile/kernel_graphs.h"

#include <utility>
#include <vector>

namespace timetrial {
namespace {

using Dimensions = std::vector<int64_t>;
using Operands = std::vector<int32_t>;

constexpr int64_t kWindow = 3;

// Adds nodes of float32 in row-major order and says their ids.
class GraphWriter {
 public:
  int32_t parameter(Dimensions shape) {
    GraphNode node = node_of(Opcode::parameter, std::move(shape), {});
    node.parameter_number = parameters_++;
    return add(std::move(node));
  }
  int32_t constant() { return operation(Opcode::constant, {}, {}); }
  int32_t operation(Opcode opcode, Dimensions shape, Operands operands, Dimensions dimensions = {}) {
    GraphNode node = node_of(opcode, std::move(shape), std::move(operands));
    node.dimensions = std::move(dimensions);
    return add(std::move(node));
  }
  int32_t broadcast(Dimensions shape, int32_t operand, Dimensions dimensions = {}) {
    return operation(Opcode::broadcast, std::move(shape), {operand}, std::move(dimensions));
  }
  int32_t convolution(Dimensions shape, Operands operands, int64_t groups) {
    GraphNode node = node_of(Opcode::convolution, std::move(shape), std::move(operands));
    node.window.assign(2, {.size = kWindow});
    node.convolution = {.input_batch = 0,
                        .input_feature = 3,
                        .input_spatial = {1, 2},
                        .kernel_input_feature = 2,
                        .kernel_output_feature = 3,
                        .kernel_spatial = {0, 1},
                        .output_batch = 0,
                        .output_feature = 3};
    node.feature_group_count = groups;
    node.batch_group_count = 1;
    return add(std::move(node));
  }
  ComputationGraph with_root(int32_t root) {
    graph_.nodes[static_cast<size_t>(root)].is_root = true;
    return std::move(graph_);
  }

 private:
  static GraphNode node_of(Opcode opcode, Dimensions shape, Operands operands) {
    GraphNode node;
    node.opcode = opcode;
    node.operands = std::move(operands);
    node.output = row_major(ElementType::f32, std::move(shape));
    return node;
  }
  int32_t add(GraphNode node) {
    graph_.nodes.push_back(std::move(node));
    return static_cast<int32_t>(graph_.nodes.size()) - 1;
  }

  ComputationGraph graph_;
  int64_t parameters_ = 0;
};

}  // namespace

ComputationGraph matrix_multiply_graph(int64_t m, int64_t n, int64_t k) {
  GraphWriter graph;
  const int32_t a = graph.parameter({m, k}), b = graph.parameter({k, n});
  return graph.with_root(graph.operation(Opcode::dot, {m, n}, {a, b}));
}

ComputationGraph convolution_graph(int64_t height, int64_t width, int64_t inputs, int64_t outputs) {
  GraphWriter graph;
  const int32_t input = graph.parameter({1, height + kWindow - 1, width + kWindow - 1, inputs});
  const int32_t kernel = graph.parameter({kWindow, kWindow, inputs, outputs});
  return graph.with_root(graph.convolution({1, height, width, outputs}, {input, kernel}, 1));
}

ComputationGraph depthwise_convolution_graph(int64_t height, int64_t width, int64_t channels) {
  GraphWriter graph;
  const int32_t input = graph.parameter({1, height + kWindow - 1, width + kWindow - 1, channels});
  const int32_t kernel = graph.parameter({kWindow, kWindow, 1, channels});
  return graph.with_root(graph.convolution({1, height, width, channels}, {input, kernel}, channels));
}

ComputationGraph normalisation_graph(int64_t rows, int64_t columns) {
  const Dimensions matrix = {rows, columns}, column = {rows};
  GraphWriter graph;
  const int32_t input = graph.parameter(matrix), zero = graph.constant();
  const int32_t share = graph.broadcast(column, graph.constant());
  const auto mean_of = [&](int32_t values) {
    const int32_t sum = graph.operation(Opcode::reduce, column, {values, zero}, {1});
    return graph.operation(Opcode::multiply, column, {sum, share});
  };
  const auto along_rows = [&](int32_t values) { return graph.broadcast(matrix, values, {0}); };
  const int32_t centred = graph.operation(Opcode::subtract, matrix, {input, along_rows(mean_of(input))});
  const int32_t variance = mean_of(graph.operation(Opcode::multiply, matrix, {centred, centred}));
  const int32_t epsilon = graph.broadcast(column, graph.constant());
  const int32_t scale =
      graph.operation(Opcode::rsqrt, column, {graph.operation(Opcode::add, column, {variance, epsilon})});
  return graph.with_root(graph.operation(Opcode::multiply, matrix, {centred, along_rows(scale)}));
}

ComputationGraph row_sum_graph(int64_t rows, int64_t columns) {
  GraphWriter graph;
  const int32_t input = graph.parameter({rows, columns}), zero = graph.constant();
  return graph.with_root(graph.operation(Opcode::reduce, {columns}, {input, zero}, {0}));
}

ComputationGraph transpose_add_graph(int64_t rows, int64_t columns) {
  GraphWriter graph;
  const int32_t input = graph.parameter({rows, columns}), other = graph.parameter({columns, rows});
  const int32_t transposed = graph.operation(Opcode::transpose, {columns, rows}, {input}, {1, 0});
  return graph.with_root(graph.operation(Opcode::add, {columns, rows}, {transposed, other}));
}

}  // namespace timetrial
