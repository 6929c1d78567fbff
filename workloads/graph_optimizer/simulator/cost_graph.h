#pragma once

// The computation graph that is to be optimised: what one training step computes, as costs. Plain data,
// filled by an exporter, read by everything else here.

#include <cstdint>
#include <string>
#include <vector>

namespace timetrial {

using NodeId = uint32_t;  // position in CostGraph::nodes

enum class NodeKind : uint8_t {
  compute,    // takes time and writes a tensor of its own
  reduce,     // the same, and every output element reads many input elements (sum, mean, max, softmax's sums)
  view,       // another name for (a part of) its only operand's memory: takes no time, lies where that lies
  parameter,  // there before the step starts, without operands: a weight, an optimizer's state, the input
};

inline constexpr int32_t kUnbound = -1;
inline constexpr int32_t kOutsideLayers = -1;

struct CostNode {
  std::string name;  // for people
  NodeKind kind = NodeKind::compute;
  std::vector<NodeId> operands;  // what must be there before it starts; all smaller than the node's own id
  // Floating point operations: 2MNK for a product of matrices, 2 * outputs * kernel volume for a convolution,
  // 8 an element for a transcendental function. 0 for views and parameters.
  int64_t flops = 0;
  // Size of what its consumers read. A view of a part has the size of the part.
  int64_t output_bytes = 0;
  // Held on the node's device during the whole step. A parameter's own memory is among them, so that they are
  // not less than its output_bytes. 0 for views.
  int64_t resident_bytes = 0;
  // Nodes of the same group (>= 0) lie on one device: a weight, its gradient, optimizer state and update.
  // Weights must be nodes and charged, or they could be read from everywhere for free.
  int32_t colocation = kUnbound;
  // Of the model, from 0, forward and backward alike: for the expert's placement only.
  int32_t layer = kOutsideLayers;
  bool fusible = true;  // false: a library's kernel, which takes nothing in and is taken in nowhere
};

struct CostGraph {
  std::string name;
  std::vector<CostNode> nodes;  // in topological order
};

// All bytes of a graph together, and all flops: sums over any plan then fit into int64.
inline constexpr int64_t kMostGraphBytes = int64_t{1} << 56;
inline constexpr int64_t kMostGraphFlops = int64_t{1} << 62;

// Unless all of the above holds, throws std::logic_error naming the graph, the node and what is wrong.
void validate(const CostGraph& graph);

inline bool takes_time(const CostNode& node) {
  return node.kind == NodeKind::compute || node.kind == NodeKind::reduce;
}

}  // namespace timetrial
