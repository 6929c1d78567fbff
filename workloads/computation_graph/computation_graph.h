#pragma once

// A computation as TpuGraphs describes one (arXiv 2308.13490): operations of XLA's HLO, their shapes and
// attributes, and who consumes whose output. Plain values; free of LibTorch.

#include <cstdint>
#include <optional>
#include <vector>

#include "workloads/computation_graph/opcode.h"
#include "workloads/computation_graph/shape.h"

namespace timetrial {

// One dimension of the window of a convolution or a reduce-window, in elements.
struct WindowDimension {
  int64_t size = 1;
  int64_t stride = 1;
  int64_t padding_low = 0;  // may be negative
  int64_t padding_high = 0;
  int64_t window_dilation = 1;
  int64_t base_dilation = 1;
  bool reversed = false;

  bool operator==(const WindowDimension&) const = default;
};

// Which dimension of input, kernel and output plays which part in a convolution.
struct ConvolutionDimensions {
  int64_t input_batch = 0;
  int64_t input_feature = 0;
  std::vector<int64_t> input_spatial;
  int64_t kernel_input_feature = 0;
  int64_t kernel_output_feature = 0;
  std::vector<int64_t> kernel_spatial;
  int64_t output_batch = 0;
  int64_t output_feature = 0;

  bool operator==(const ConvolutionDimensions&) const = default;
};

// What a slice takes of one dimension: start, start + stride … below limit.
struct SliceDimension {
  int64_t start = 0;
  int64_t stride = 1;
  int64_t limit = 0;

  bool operator==(const SliceDimension&) const = default;
};

// What a pad adds at the two ends of one dimension; negative where it takes away.
struct EdgePadding {
  int64_t low = 0;
  int64_t high = 0;

  bool operator==(const EdgePadding&) const = default;
};

struct GraphNode {
  Opcode opcode = Opcode::unknown;
  // Ids of the nodes whose output is consumed; one twice where it is used twice.
  std::vector<int32_t> operands = {};
  Shape output = {};
  int64_t tuple_size = 0;                // of a node of type tuple
  int64_t parameter_number = 0;          // of a parameter, from 0
  bool is_root = false;                  // its output leaves the computation
  std::vector<int64_t> dimensions = {};  // of broadcast, concatenate, iota, reduce, transpose …
  std::vector<WindowDimension> window = {};
  std::optional<ConvolutionDimensions> convolution = {};  // of a convolution, and of nothing else
  int64_t feature_group_count = 0;                        // 0 on all but convolutions
  int64_t batch_group_count = 0;                          // likewise
  std::vector<SliceDimension> slice = {};
  std::vector<int64_t> dynamic_slice_sizes = {};
  std::vector<EdgePadding> edge_padding = {};
  bool is_stable = false;  // of a sort

  bool operator==(const GraphNode&) const = default;
};

struct ComputationGraph {
  std::vector<GraphNode> nodes;  // in topological order: operands have smaller ids

  bool operator==(const ComputationGraph&) const = default;
};

// Throws std::logic_error, which names the node, unless operands precede their consumers, shapes are of sizes
// that are not negative with minor_to_major a permutation of the dimensions, attributes lie on the operations
// that have them, and a graph that is not empty has a root.
void validate(const ComputationGraph& graph);

}  // namespace timetrial
