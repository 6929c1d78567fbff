#pragma once

// A graph of the layout collection: what it computes as a graph of operations, and one LibTorch call for each
// of them, so that it can be run with the tensors of its configurable nodes in any order of dimensions.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "workloads/computation_graph/computation_graph.h"

namespace timetrial {

// The output of a node from those of its operands. Must not change them.
using NodeCall = std::function<at::Tensor(std::span<const at::Tensor> operands)>;

struct LayoutGraph {
  std::string name;  // network and sizes: "residual_4_24_20_3"
  ComputationGraph graph;
  std::vector<NodeCall> calls;        // one a node; empty for parameters and constants
  std::vector<at::Tensor> values;     // of parameters and constants, in row-major order; undefined for others
  std::vector<int32_t> configurable;  // rising
};

// Adds operations of float32, and makes both sides of a graph. Ids are those of the nodes. Values of
// parameters are made up from the order in which they are added. Shapes are what LibTorch makes of the
// operands.
class LayoutGraphBuilder {
 public:
  int32_t parameter(const std::vector<int64_t>& shape);
  int32_t constant(double value);

  int32_t unary(Opcode opcode, int32_t operand);  // exponential, rsqrt, tanh, logistic, negate
  // Shapes are equal. add, subtract, multiply, divide, maximum, compare (greater, of type pred)
  int32_t binary(Opcode opcode, int32_t left, int32_t right);
  int32_t select(int32_t condition, int32_t yes, int32_t no);
  // Dimension i of the operand becomes dimensions[i]. A view.
  int32_t broadcast(int32_t operand, const std::vector<int64_t>& shape,
                    const std::vector<int64_t>& dimensions);
  enum class Reduction { sum, maximum };
  int32_t reduce(Reduction reduction, int32_t operand, const std::vector<int64_t>& dimensions);
  int32_t transpose(int32_t operand, const std::vector<int64_t>& dimensions);
  int32_t reshape(int32_t operand, const std::vector<int64_t>& shape);
  // [..., m, k] times [k, n] or [..., k, n].
  int32_t dot(int32_t left, int32_t right);
  // Of images [batch, channels, height, width], odd windows, stride 1, padded to the same size. `groups`: 1,
  // or as many as channels.
  int32_t convolution(int32_t input, int32_t kernel, int64_t groups);
  // Its gradient for the input, from that of the output.
  int32_t convolution_gradient(int32_t gradient, int32_t kernel, int64_t groups);

  // Makes a node configurable, as convolutions and dots are.
  void configure(int32_t node);

  std::vector<int64_t> shape(int32_t node) const;

  // The last call. Of more configurable nodes than `most` every so-manieth stays so.
  LayoutGraph finish(std::string name, int32_t root, size_t most);

 private:
  int32_t add(GraphNode node, NodeCall call, at::Tensor value);
  int32_t operation(GraphNode node, NodeCall call);
  int32_t convolve(int32_t input, int32_t kernel, int64_t groups, bool reversed, NodeCall call);

  LayoutGraph result_;
  std::vector<at::Tensor> outputs_;  // of every node, as long as the graph is built
  int64_t parameters_ = 0;
};

}  // namespace timetrial
