#include <numeric>

#include <torch/torch.h>

#include "workloads/graph_export/rules.h"
#include "workloads/graph_export/tensor_shape.h"

namespace timetrial {
namespace {

int64_t wrapped(int64_t dimension, const Shape& shape) {
  const auto rank = static_cast<int64_t>(shape.dimensions.size());
  return dimension < 0 ? dimension + rank : dimension;
}

// The same memory under another tensor.
void alias(Translation& call) {
  if (const auto node = call.node_if_written(0)) call.show(0, *node);
}

void reshaped(Translation& call) {
  if (const auto node = call.node_if_written(0)) call.show(0, call.reshape(*node, call.shape()));
}

void permuted(Translation& call) {
  const auto node = call.node_if_written(0);
  if (!node) return;
  const Shape shape = call.shape_of_node(*node);
  std::vector<int64_t> order(shape.dimensions.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  if (call.is("permute")) {
    order = call.integers(1);
    for (int64_t& dimension : order) dimension = wrapped(dimension, shape);
  } else if (order.size() >= 2) {  // t, transpose
    const size_t left = call.is("t") ? 0 : static_cast<size_t>(wrapped(call.integer(1), shape));
    const size_t right = call.is("t") ? 1 : static_cast<size_t>(wrapped(call.integer(2), shape));
    std::swap(order[left], order[right]);
  }
  call.show(0, call.transpose(*node, std::move(order)));
}

void expanded(Translation& call) {
  const auto node = call.node_if_written(0);
  if (node) call.show(0, call.broadcast(*node, call.shape().dimensions));
}

// The elements start, start + stride … below limit of one dimension; `output` may lack it.
int32_t cut(Translation& call, int32_t operand, int64_t dimension, SliceDimension kept, const Shape& output) {
  const Shape from = call.shape_of_node(operand);
  if (from.dimensions == output.dimensions) return operand;
  GraphNode node{.opcode = Opcode::slice, .operands = {operand}, .output = output};
  for (const int64_t size : from.dimensions) node.slice.push_back({.start = 0, .stride = 1, .limit = size});
  node.slice.at(static_cast<size_t>(dimension)) = kept;
  return call.add(std::move(node), OutputKind::view);
}

// select(self, dim, index)
void selected(Translation& call) {
  const auto node = call.node_if_whole(0);
  if (!node) return;
  const Shape from = call.shape_of_node(*node);
  const int64_t dimension = wrapped(call.integer(1), from);
  const int64_t size = from.dimensions.at(static_cast<size_t>(dimension));
  const int64_t index = call.integer(2) < 0 ? call.integer(2) + size : call.integer(2);
  call.show(0, cut(call, *node, dimension, {.start = index, .stride = 1, .limit = index + 1}, call.shape()));
}

// slice(self, dim, start, end, step)
void sliced(Translation& call) {
  const auto node = call.node_if_whole(0);
  if (!node) return;
  const Shape from = call.shape_of_node(*node);
  const int64_t dimension = wrapped(call.integer(1), from);
  const int64_t size = from.dimensions.at(static_cast<size_t>(dimension));
  const auto start_given = static_cast<int64_t>(call.number(2, 0));
  const int64_t start = std::min(size, start_given < 0 ? start_given + size : start_given);
  const auto step = static_cast<int64_t>(call.number(4, 1));
  const int64_t count = call.shape().dimensions.at(static_cast<size_t>(dimension));
  call.show(
      0, cut(call, *node, dimension,
             {.start = start, .stride = step, .limit = std::min(size, start + count * step)}, call.shape()));
}

// One slice for each of the results, side by side: split, split_with_sizes, unbind.
void divided(Translation& call) {
  const auto node = call.node_if_whole(0);
  if (!node) return;
  const Shape from = call.shape_of_node(*node);
  const size_t argument = call.is("unbind") ? 1 : 2;
  const int64_t dimension = wrapped(call.integer(argument), from);
  int64_t start = 0;
  for (size_t i = 0; i < call.outputs(); ++i) {
    const Shape shape = call.shape(i);
    const int64_t count = call.is("unbind") ? 1 : shape.dimensions.at(static_cast<size_t>(dimension));
    call.show(i, cut(call, *node, dimension, {.start = start, .stride = 1, .limit = start + count}, shape));
    start += count;
  }
}

// A view by strides alone. What of the operand it shows XLA has no words for: a slice without limits, or,
// where all is shown, a reshape; windows that overlap are gathered.
void strided(Translation& call) {
  const auto node = call.node_if_written(0);
  if (!node) return;
  const Shape shape = call.shape();
  const int64_t before = elements_of(call.shape_of_node(*node));
  const int64_t after = elements_of(shape);
  if (after == before) return call.show(0, call.reshape(*node, shape));
  const Opcode opcode = after < before ? Opcode::slice : Opcode::gather;
  call.show(0, call.add({.opcode = opcode, .operands = {*node}, .output = shape}, OutputKind::view));
}

}  // namespace

void add_view_rules(RuleTable& rules) {
  for (const char* name : {"detach", "alias", "lift_fresh", "lift", "resolve_conj", "resolve_neg"}) {
    rules[name] = alias;
  }
  for (const char* name : {"view", "_unsafe_view", "_reshape_alias", "unsqueeze", "squeeze", "view_as_real",
                           "view_as_complex"}) {
    rules[name] = reshaped;
  }
  for (const char* name : {"t", "transpose", "permute"}) rules[name] = permuted;
  for (const char* name :
       {"split", "split_with_sizes", "unsafe_split", "unsafe_split_with_sizes", "unbind"}) {
    rules[name] = divided;
  }
  for (const char* name : {"as_strided", "unfold"}) rules[name] = strided;
  rules["expand"] = expanded;
  rules["select"] = selected;
  rules["slice"] = sliced;
}

}  // namespace timetrial
