#include <torch/torch.h>

#include "workloads/graph_export/rules.h"
#include "workloads/graph_export/tensor_shape.h"

namespace timetrial {
namespace {

int32_t gather(Translation& call, int32_t from, int32_t indices) {
  return call.add(Opcode::gather, call.shape(), {from, indices});
}

// embedding(table, indices); others name a dimension between the two.
void looked_up(Translation& call) {
  call.write(gather(call, call.node(0), call.node(call.is("embedding") ? 1 : 2)));
}

// index(self, [indices])
void indexed(Translation& call) {
  std::vector<int32_t> operands = {call.node(0)};
  for (const at::Tensor& index : call.tensors(1)) {
    if (index.defined()) operands.push_back(call.node_of(index));
  }
  call.write(call.add(Opcode::gather, call.shape(), std::move(operands)));
}

// Gradients of look-ups (gradient, indices, …): scattered into zeros, which are no node.
void look_up_gradient(Translation& call) {
  call.write(call.add(Opcode::scatter, call.shape(), {call.node(1), call.node(0)}));
}

// (self, dim, index, source)
void scattered(Translation& call) {
  std::vector<int32_t> operands = {call.node(0), call.node(2)};
  if (call.has_tensor(3)) operands.push_back(call.node(3));
  call.write(call.add(Opcode::scatter, call.shape(), std::move(operands)));
}

// index_put(self, [indices], values)
void put(Translation& call) {
  std::vector<int32_t> operands = {call.node(0)};
  for (const at::Tensor& index : call.tensors(1)) {
    if (index.defined()) operands.push_back(call.node_of(index));
  }
  operands.push_back(call.node(2));
  call.write(call.add(Opcode::scatter, call.shape(), std::move(operands)));
}

// segment_reduce(data, reduction, lengths, indices, offsets …)
void segments(Translation& call) {
  const size_t bounds = call.has_tensor(2) ? 2 : 4;
  call.write(call.add(Opcode::scatter, call.shape(), {call.node(bounds), call.node(0)}));
}

void concatenated(Translation& call) {
  GraphNode node{.opcode = Opcode::concatenate, .operands = {}, .output = call.shape()};
  for (const at::Tensor& part : call.tensors(0)) {
    if (part.dim() == 1 && part.numel() == 0 && node.output.dimensions.size() > 1)
      continue;  // an old allowance
    node.operands.push_back(call.node_of(part));
  }
  node.dimensions = {
      at::maybe_wrap_dim(call.integer(1), static_cast<int64_t>(node.output.dimensions.size()))};
  call.write(call.add(std::move(node)));
}

// constant_pad_nd(self, [low, high of the last dimension, of the one before …])
void padded(Translation& call) {
  GraphNode node{.opcode = Opcode::pad, .operands = {call.node(0)}, .output = call.shape()};
  const std::vector<int64_t> amounts = call.integers(1);
  node.edge_padding.resize(node.output.dimensions.size());
  for (size_t i = 0; 2 * i + 1 < amounts.size(); ++i) {
    node.edge_padding[node.edge_padding.size() - 1 - i] = {.low = amounts[2 * i], .high = amounts[2 * i + 1]};
  }
  call.write(call.add(std::move(node)));
}

// select_backward(gradient, sizes, dim, index), slice_backward(gradient, sizes, dim, start, end, step): zeros
// around the gradient.
void part_gradient(Translation& call) {
  const Shape shape = call.shape();
  const auto dimension =
      static_cast<size_t>(at::maybe_wrap_dim(call.integer(2), static_cast<int64_t>(shape.dimensions.size())));
  const int64_t size = shape.dimensions[dimension];
  const int64_t start = call.integer(3) < 0 ? call.integer(3) + size : call.integer(3);
  const bool one = call.is("select_backward");
  const int64_t end =
      one ? start + 1 : std::min(size, call.integer(4) < 0 ? call.integer(4) + size : call.integer(4));
  GraphNode node{.opcode = Opcode::pad, .operands = {call.node(0)}, .output = shape};
  if (one) {
    Shape kept = shape;
    kept.dimensions[dimension] = 1;
    node.operands = {call.reshape(node.operands[0], row_major(kept.type, kept.dimensions))};
  }
  node.edge_padding.resize(shape.dimensions.size());
  node.edge_padding[dimension] = {.low = start, .high = size - end};
  call.write(call.add(std::move(node)));
}

// One side of the diagonal: places are counted, compared and selected.
void triangle(Translation& call) {
  const Shape shape = call.shape();
  const int32_t places = call.add(Opcode::iota, row_major(ElementType::s32, shape.dimensions), {});
  const int32_t kept = call.add(Opcode::compare, row_major(ElementType::pred, shape.dimensions), {places});
  call.write(call.add(Opcode::select, shape, {kept, call.node(0)}));
}

void reversed(Translation& call) {
  GraphNode node{.opcode = Opcode::reverse, .operands = {call.node(0)}, .output = call.shape()};
  node.dimensions = call.integers(1);
  for (int64_t& dimension : node.dimensions) {
    dimension = at::maybe_wrap_dim(dimension, static_cast<int64_t>(node.output.dimensions.size()));
  }
  call.write(call.add(std::move(node)));
}

// Blocks of channels to blocks of pixels or back: a copy in another order.
void shuffled(Translation& call) {
  call.write(call.add(Opcode::copy, call.shape(), {call.reshape(call.node(0), call.shape())}));
}

void fourier(Translation& call) {
  GraphNode node{.opcode = Opcode::fft, .operands = {call.node(0)}, .output = call.shape()};
  call.write(call.add(std::move(node)));
}

}  // namespace

void add_indexing_rules(RuleTable& rules) {
  for (const char* name : {"embedding", "index_select", "gather"}) rules[name] = looked_up;
  for (const char* name : {"embedding_dense_backward", "embedding_sparse_backward"})
    rules[name] = look_up_gradient;
  for (const char* name : {"scatter", "scatter_add", "scatter_reduce", "index_add", "index_copy"}) {
    rules[name] = scattered;
  }
  for (const char* name : {"index_put", "_index_put_impl"}) rules[name] = put;
  for (const char* name : {"select_backward", "slice_backward"}) rules[name] = part_gradient;
  for (const char* name : {"tril", "triu"}) rules[name] = triangle;
  for (const char* name : {"pixel_shuffle", "pixel_unshuffle"}) rules[name] = shuffled;
  for (const char* name : {"_fft_r2c", "_fft_c2r", "_fft_c2c"}) rules[name] = fourier;
  rules["index"] = indexed;
  rules["segment_reduce"] = segments;
  rules["cat"] = concatenated;
  rules["constant_pad_nd"] = padded;
  rules["flip"] = reversed;
}

}  // namespace timetrial
